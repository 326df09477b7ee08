/**
 * `npm run conformance`: the Gateway API's own suite, unchanged, against Waystone as its chart installs it, on a cluster of two
 * nodes. The report of a full run in which every test passed is kept under docs/conformance. With profiles of Gateways: a first look at what is missing there. Ends with one line "N passed, N failed".
 */
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { buildWaystoneImage } from "../../../scripts/image/build-waystone-image.ts";
import { repositoryRoot } from "../../../scripts/run-command.ts";
import { bringDown } from "../bring-down.ts";
import { bringUp } from "../bring-up.ts";
import { buildCluster } from "../build/build.ts";
import { cacheFolder } from "../build/built-files.ts";
import { components, conformanceComponents } from "../build/components.ts";
import { requireMachine } from "../doctor.ts";
import { withLock } from "../lock.ts";
import { RunningCluster } from "../running-cluster.ts";
import { StateDir } from "../state-dir.ts";
import { installWaystone, uninstallWaystone } from "../suite/installed-waystone.ts";
import { type ConformanceLine, isFirstLook, parseConformanceLine } from "./conformance-line.ts";
import { loadEchoImage, loadGatewayImages } from "./echo-images.ts";
import { gatewayNamespaces, whilePassingReadiness } from "./pass-readiness.ts";
import { placeReport, type ReportPlace } from "./place-report.ts";
import { type PackageFile, type ProjectIdentity, projectIdentity } from "./project-identity.ts";
import { runSuite } from "./run-suite.ts";
import { suiteFlags } from "./suite-flags.ts";
import { countOutcomes } from "./suite-output.ts";

const own = new StateDir("conformance");
const kept = path.join(cacheFolder, "conformance");
const logFile = path.join(kept, "suite.log");
const publishedFolder = path.join(repositoryRoot, "docs/conformance");
const suiteNamespaces = [
  "gateway-conformance-mesh",
  "gateway-conformance-mesh-consumer",
  ...gatewayNamespaces,
];

async function runConformance(line: ConformanceLine): Promise<boolean> {
  await requireMachine("run");
  await buildCluster({}, [...components, ...conformanceComponents]);
  await buildWaystoneImage();
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
  if (line.cluster === undefined) return await withLock(own, async () => await onOwnCluster(line));
  const cluster = RunningCluster.find(line.cluster);
  // What was installed there is of an older checkout; what the suite left may still be on its way out.
  await cluster.kubectl(["delete", "namespace", ...suiteNamespaces, "--ignore-not-found", "--timeout=90s"]);
  await uninstallWaystone(cluster);
  return await onCluster(cluster, line);
}

async function onOwnCluster(line: ConformanceLine): Promise<boolean> {
  let isGood = false;
  try {
    isGood = await onCluster(await bringUp(own, { nodes: 2 }), line);
  } finally {
    if (!isGood) await cp(own.path("log"), path.join(kept, "cluster"), { recursive: true });
    await bringDown(own);
  }
  return isGood;
}

async function onCluster(cluster: RunningCluster, line: ConformanceLine): Promise<boolean> {
  await Promise.all([loadEchoImage(cluster), installWaystone(cluster, { channel: line.channel })]);
  if (isFirstLook(line)) await loadGatewayImages(cluster);
  for (let run = 1; run <= line.runs; run++) {
    if (line.runs > 1) console.log(`run ${run} of ${line.runs}`);
    if (!(await runOnce(cluster, line))) return false;
    // What it made is on its way out: the next run makes objects of the same names.
    await cluster.kubectl(["delete", "namespace", ...suiteNamespaces, "--ignore-not-found", "--timeout=90s"]);
  }
  return true;
}

async function runOnce(cluster: RunningCluster, line: ConformanceLine): Promise<boolean> {
  const reportFile = path.join(kept, "report.yaml");
  await rm(reportFile, { force: true });
  const start = performance.now();
  const flags = suiteFlags({ ...line, identity: await readIdentity(line.identity), reportFile });
  const running = runSuite(cluster, flags, logFile);
  const { exitCode, outcomes } = isFirstLook(line)
    ? await whilePassingReadiness(cluster, running)
    : await running;
  const { passed, failed, skipped } = countOutcomes(outcomes, exitCode);
  console.log(
    `the suite took ${((performance.now() - start) / 1000).toFixed(1)} s (load average ${os.loadavg()[0]?.toFixed(1)}); its words are in ${logFile}`,
  );
  await keepReport(reportFile, placeReport(line, { failed, skipped }));
  if (skipped > 0) console.log(`${skipped} mesh tests were skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

async function keepReport(reportFile: string, { publishAs, why }: ReportPlace): Promise<void> {
  if (why !== "")
    console.log(`${why}; ${existsSync(reportFile) ? `it is in ${reportFile}` : "the suite made none"}`);
  if (publishAs === undefined) return;
  const published = path.join(publishedFolder, publishAs);
  await mkdir(publishedFolder, { recursive: true });
  await copyFile(reportFile, published);
  console.log(`every test passed: the report is published as ${published}`);
}

async function readIdentity(given: ConformanceLine["identity"]): Promise<ProjectIdentity> {
  const text = await readFile(path.join(repositoryRoot, "package.json"), "utf8");
  return projectIdentity(JSON.parse(text) as PackageFile, given);
}

// The terminal tells the suite too: it ends, and then so do we, by way of taking the cluster down.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
try {
  process.exitCode = (await runConformance(parseConformanceLine(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/**
 * Secrets of every kind are planted in an installation, shown and refused, granted and taken back, and looked for in all that it tells: objects,
 * statuses, events, logs at level debug, access logs, metrics, dumps, saved files, and what the commands print (docs/secrets.md).
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { captureKeys } from "@waystone/api/names";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPlanted, linesOfKey } from "../../e2e/harness/find-planted.ts";
import { planted, policiesText, secretsText, sloppyText } from "../../e2e/harness/planted-secrets.ts";
import { showEach, shownAnswers, shownTokens } from "../../e2e/harness/show-secrets.ts";
import { tryProgram } from "../run-program.ts";
import { until } from "../until.ts";
import { releaseNamespace } from "./helm.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { untilPolicySays, untilProgrammed } from "./policy-status.ts";
import { untilCaptured } from "./service-state.ts";
import { streamPod } from "./stream-pod.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { readToldPlaces, runInEach } from "./told-places.ts";
import { applyObjects, waypointParameters } from "./waypoint-gateways.ts";
import { waystoneProgram } from "./waystone-command.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "planted";
const place = { cluster, namespace };
const { tokens, signatures } = shownTokens();
const own = await (await openTestAuthority()).issue({ commonName: "waypoint", usage: "client" });
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-planted-"));
  const image = await loadWaystoneImage(cluster);
  // The certificate of a Gateway is a field of the experimental channel.
  await installWaystone(cluster, { channel: "experimental", set: ["controller.logLevel=debug"] });
  await cluster.kubectl(["create", "namespace", namespace]);
  await waystone("grant", "secrets", "-n", namespace);
  const parameters = waypointParameters(namespace, "talkative", { replicas: 1, logLevel: "debug" });
  await applyObjects(cluster, parameters, ...streamPod(namespace, "web", image));
  await applyText(`${secretsText(own)}---\n${policiesText}`);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  await cluster.kubectl(["-n", namespace, "wait", "--for=condition=Ready", "--timeout=90s", "pod/web"]);
}, 300_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 240_000);

/** Of another world's manifests: ours, with waypoints that say all that they have to say. */
async function applyText(text: string): Promise<void> {
  const ours = text
    .replaceAll("namespace: shop", `namespace: ${namespace}`)
    .replace(
      "  tls: {backend",
      "  infrastructure: {parametersRef: {group: waystone.dev, kind: WaypointParameters, name: talkative}}\n  tls: {backend",
    );
  await cluster.kubectl(["apply", "-f", "-"], ours);
}

/** What it prints, on both streams, however it ends. */
async function waystone(...args: readonly string[]): Promise<string> {
  const { environment } = cluster;
  const { stdout, stderr } = await tryProgram(cluster.onNode("node-1", [waystoneProgram, ...args]), {
    environment,
  });
  return `${stdout}\n${stderr}`;
}

/** Of the installation itself: the key of its authority, and the tokens by which waypoints are known. */
async function ownSecrets(): Promise<Record<string, string>> {
  const read = ["-n", releaseNamespace, "get", "secret", "waystone-ca", "-o", "jsonpath={.data.ca\\.key}"];
  const key = Buffer.from(await cluster.kubectl(read), "base64").toString();
  expect(key).toContain("PRIVATE KEY");
  const tokens = await runInEach(
    cluster,
    ["-n", namespace, "-l", captureKeys.waypoint],
    'import fs from "node:fs"; process.stdout.write(fs.readFileSync("/var/run/secrets/waystone.dev/token"));',
  );
  expect(tokens.length).toBeGreaterThan(0);
  const signatures = tokens.map((token, at) => [`token ${at}`, token.split(".")[2]!.slice(0, 40)]);
  return { ...linesOfKey("authority", key), ...Object.fromEntries(signatures) } as Record<string, string>;
}

/** Of commands that are given secrets, or that read what has to do with them. */
async function outputs(token: string): Promise<string> {
  const tokenFile = path.join(folder, "token");
  const logFile = path.join(folder, "access.jsonl");
  const policyFile = path.join(folder, "policies.yaml");
  await writeFile(tokenFile, token);
  await writeFile(policyFile, policiesText.replaceAll("namespace: shop", `namespace: ${namespace}`));
  await writeFile(logFile, await cluster.kubectl(["-n", namespace, "logs", "-l", captureKeys.waypoint]));
  const request = ["explain", "request", "--from", `${namespace}/web`, "--to", `web.${namespace}`];
  const commands = [
    [...request, "--jwt", tokenFile],
    [...request, "-o", "json", "--path", `/?token=${planted.wrongKey}`, "-H", `x-api-key: ${planted.apiKey}`],
    ["explain", "policy", `web.${namespace}`, "-o", "json"],
    ["policy", "impact", "-f", policyFile, "--access-log", logFile],
    ["status", "policies", "-A", "-o", "json"],
    ["status", "-A", "-o", "json"],
    ["check", "-o", "json"],
    ["grant", "secrets", "-n", namespace, "--name", "staff", "--dry-run", "-o", "yaml"],
  ];
  return (await Promise.all(commands.map(async (args) => await waystone(...args)))).join("\n");
}

test("a secret is in no object but its own, no status, event, log, metric, dump, saved file or output", async () => {
  const { spec } = await untilCaptured(cluster, `${namespace}/web`, 120_000);
  await untilPolicySays(place, "wnp", "guard", "ResolvedRefs=True");
  await untilProgrammed(place, "wnp", "guard");
  let answers = {};
  await until(
    async () => {
      answers = await showEach(`http://${spec?.clusterIP}`, tokens);
      return JSON.stringify(answers) === JSON.stringify(shownAnswers);
    },
    { deadlineMs: 60_000, describe: () => `the answers are ${JSON.stringify(answers)}` },
  );
  await applyText(sloppyText);
  await untilPolicySays(place, "wnp", "sloppy", "holds a private key");
  const told = await outputs(tokens.token);

  const secrets = { ...planted, ...linesOfKey("own", own.key), ...signatures, ...(await ownSecrets()) };
  const places: Record<string, string> = { ...(await readToldPlaces(place)), commands: told };
  const found = Object.keys(places).flatMap((name) =>
    findPlanted(places[name]!, secrets).map((secret) => `${secret} in ${name}`),
  );
  expect(found).toEqual([]);
  // What was looked through is what was meant.
  expect(places["objects"]).toContain("holds a private key");
  expect(places["objects"]).toContain('"kind":"Event"');
  expect(places["log of controller"]).toContain('"level":"debug"');
  expect(places["log of waypoint"]).toContain("token=...");
  expect(places["pages of waypoint"]).toContain(`AuthenticationPolicy/${namespace}/guard`);
  expect(places["pages of controller"]).toContain("waystone_push_admissions_total");
  expect(places["commands"]).toContain("guard");
}, 240_000);

/**
 * The chart installed with an image that is nowhere: its objects are there, and nothing of it runs. For tests of what Helm and
 * the API server make of it.
 */
import type { RunningCluster } from "../running-cluster.ts";
import { chartFolder, type Helm, releaseNamespace, runHelm } from "./helm.ts";

const release = ["waystone", `--namespace=${releaseNamespace}`];

/** A namespace where Pod Security refuses what is not restricted, and warns of what would make such pods. */
export async function makeReleaseNamespace(cluster: RunningCluster): Promise<void> {
  const labels = Object.fromEntries(
    ["enforce", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
  );
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: releaseNamespace, labels } };
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(namespace));
}

/** With the CRDs, which an uninstall keeps: other suites may install under another name. */
export async function removeReleaseNamespace(cluster: RunningCluster): Promise<void> {
  await cluster.kubectl(["delete", "namespace", releaseNamespace]);
  const crds = await cluster.kubectl(["get", "crds", "-o", "name"]);
  const ours = crds.split("\n").filter((name) => name.endsWith(".waystone.dev"));
  if (ours.length > 0) await cluster.kubectl(["delete", ...ours]);
}

/** Resolves to the notes. */
export async function installChart(cluster: RunningCluster, helm: Helm): Promise<string> {
  const image = "--set=image.repository=cluster.test/nowhere,image.pullPolicy=Never";
  return await runHelm(cluster, helm, ["install", ...release, chartFolder, image]);
}

/** Without the job that restores: it could not run. */
export async function uninstallChart(cluster: RunningCluster, helm: Helm): Promise<void> {
  await runHelm(cluster, helm, ["uninstall", ...release, "--no-hooks", "--ignore-not-found"]);
}

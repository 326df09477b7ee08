/** Waystone in the cluster as its users have it: the Gateway API, our image on the nodes, the chart by Helm. */
import type { RunningCluster } from "../running-cluster.ts";
import { type GatewayApiChannel, type GatewayApiVersion, gatewayApiCrds } from "../build/gateway-api.ts";
import { runProgram } from "../run-program.ts";
import { chartFolder, releaseNamespace, runHelm } from "./helm.ts";
import { waystoneProgram } from "./waystone-command.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

export interface InstallOptions {
  /** False: the cluster has none, and gets it later or never. */
  readonly hasGatewayApi?: boolean;
  /** Standard unless given. */
  readonly channel?: GatewayApiChannel;
  readonly set?: readonly string[];
}

/** As docs/installation.md says; resolves to the notes, when both controllers are Ready. */
export async function installWaystone(
  cluster: RunningCluster,
  { hasGatewayApi = true, channel = "standard", set = [] }: InstallOptions = {},
): Promise<string> {
  await loadWaystoneImage(cluster);
  // What a suite before has left would be somebody else's to Helm.
  await removeDefinitions(cluster);
  if (hasGatewayApi) await installGatewayApi(cluster, { channel });
  const release = ["install", "waystone", chartFolder, "-n", releaseNamespace, "--create-namespace"];
  const settings = set.map((each) => `--set=${each}`);
  return await runHelm(cluster, "helm", [...release, ...settings, "--wait", "--timeout=180s"]);
}

export interface GatewayApiBundle {
  readonly version?: GatewayApiVersion;
  readonly channel?: GatewayApiChannel;
}

export async function installGatewayApi(
  cluster: RunningCluster,
  { version = "v1.6.3", channel = "standard" }: GatewayApiBundle = {},
): Promise<void> {
  const files = await gatewayApiCrds(version, channel);
  await cluster.kubectl(["apply", "--server-side", "-f", files.join(",")]);
  await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=180s"]);
}

/** `helm uninstall`, whose hook gives every Service back; then what Helm leaves on purpose. */
export async function uninstallWaystone(cluster: RunningCluster): Promise<void> {
  await runHelm(cluster, "helm", ["uninstall", "waystone", "-n", releaseNamespace, "--ignore-not-found"]);
  await cluster.kubectl(["delete", "namespace", releaseNamespace, "--ignore-not-found"]);
  await removeDefinitions(cluster);
}

/** Ours, which an uninstall keeps, and the Gateway API's. */
export async function removeDefinitions(cluster: RunningCluster): Promise<void> {
  const crds = (await cluster.kubectl(["get", "crds", "-o", "name"])).split("\n");
  const ours = crds.filter((name) => /\.(waystone\.dev|gateway\.networking\.(x-)?k8s\.io)$/.test(name));
  if (ours.length > 0) await cluster.kubectl(["delete", "--timeout=180s", ...ours]);
  // It comes with them, and lets nobody go from one channel to the other.
  const kinds = "validatingadmissionpolicies,validatingadmissionpolicybindings";
  const guard = "safe-upgrades.gateway.networking.k8s.io";
  await cluster.kubectl(["delete", kinds, guard, "--ignore-not-found"]);
}

/** The standard output of our own command, run where the suite runs. */
export async function waystone(cluster: RunningCluster, ...args: readonly string[]): Promise<string> {
  return await runProgram(cluster.onNode("node-1", [waystoneProgram, ...args]), {
    environment: cluster.environment,
  });
}

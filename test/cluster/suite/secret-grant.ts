/** A grant of Secrets that is taken back for good: what controllers have read by it they forget only when they start anew. */
import type { RunningCluster } from "../running-cluster.ts";
import { releaseNamespace } from "./helm.ts";
import { waystone } from "./installed-waystone.ts";

export async function takeBackSecrets(cluster: RunningCluster, namespace: string): Promise<void> {
  await waystone(cluster, "revoke", "secrets", "-n", namespace);
  const rollout = ["-n", releaseNamespace, "rollout"];
  await cluster.kubectl([...rollout, "restart", "deployment/waystone-controller"]);
  await cluster.kubectl([...rollout, "status", "deployment/waystone-controller", "--timeout=180s"]);
}

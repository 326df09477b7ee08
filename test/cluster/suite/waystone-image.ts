/** The image of this checkout, on every node of the cluster. */
import { buildImageOf } from "../../../scripts/image/build-waystone-image.ts";
import { repositoryRoot } from "../../../scripts/run-command.ts";
import { importImage } from "../containerd.ts";
import type { RunningCluster } from "../running-cluster.ts";

/** Builds what has changed; resolves to what a pod is to name, with `imagePullPolicy: Never` or `IfNotPresent`. */
export async function loadWaystoneImage(cluster: RunningCluster): Promise<string> {
  const { file, reference } = await buildImageOf(repositoryRoot);
  await importImage(cluster.state, cluster.nodes, file);
  return reference;
}

/** The world that a command asks about: files where -f names some, else the cluster of the kubeconfig. */
import type { ClusterOptions } from "../flags/cluster-options.ts";
import { openFileWorld, type World } from "./world.ts";

export interface WorldOptions extends ClusterOptions {
  readonly filename: readonly string[];
}

/** Of a cluster only what concerns these is read. */
export interface Concern {
  /** Services, as --to has them. */
  readonly names: readonly string[];
  /** As --from; "" for nobody. */
  readonly from: string;
}

export async function openWorld(options: WorldOptions, concern: Concern): Promise<World> {
  if (options.filename.length > 0) return await openFileWorld(options.filename);
  const { openClusterWorld } = await import("./cluster-world.ts");
  return await openClusterWorld(options, concern);
}

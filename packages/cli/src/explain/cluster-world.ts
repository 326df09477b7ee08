import type { ClusterOptions } from "../flags/cluster-options.ts";
import type { Concern } from "./open-world.ts";
import type { World } from "./world.ts";
export async function openClusterWorld(_options: ClusterOptions, _concern: Concern): Promise<World> {
  throw new Error("soon");
}

/**
 * Workload at an address -> Workload resource, by that address. Made when it is asked for: waypoints meet few of a
 * cluster's pods, and ten thousand encoded ones would be most of a controller's memory.
 */
import { typeUrls } from "@waystone/api/names";
import { Workload } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { WorkloadModel } from "../model/workload.ts";

export function workloadToResource({ address, workload, labels }: WorkloadModel): EncodedResource {
  const sorted = Object.entries(labels)
    .map(([key, value]) => ({ key, value }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const body = Workload.encode({ address, workload, labels: sorted }).finish();
  return encodeResource(typeUrls.workload, address, body);
}

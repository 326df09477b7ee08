/** Workload at an address -> Workload resource, by that address. */
import { typeUrls } from "@waystone/api/names";
import { Workload } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { WorkloadModel } from "../model/workload.ts";

export function workloadToResource({ address, workload, labels }: WorkloadModel): EncodedResource {
  const body = Workload.encode({ address, workload, labels: [...labels] }).finish();
  return encodeResource(typeUrls.workload, address, body);
}

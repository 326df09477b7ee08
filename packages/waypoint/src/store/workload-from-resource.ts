/** A Workload resource: who an address is. Its name is the address, in the spelling of base/ip. */
import { Workload } from "@waystone/api/resources";
import { parseIp } from "@waystone/base/ip";
import type { EncodedResource } from "@waystone/xds/resource";
import { decodeResource, RefusedError } from "./decode-resource.ts";
import type { WorkloadState } from "./snapshot.ts";
import { labelsFromResource } from "./workload-labels.ts";

/** Throws a RefusedError. An identity that is not plain is refused, never guessed. */
export function workloadFromResource(resource: EncodedResource): WorkloadState {
  const message = decodeResource(resource, Workload);
  if (message.address !== resource.name || parseIp(message.address) !== message.address) {
    throw new RefusedError(`named ${resource.name}, but its content says address "${message.address}"`);
  }
  const labels = labelsFromResource(message.workload);
  if (labels === undefined) throw new RefusedError(`${resource.name} does not say which workload it is`);
  const podLabels = new Map(message.labels.map(({ key, value }) => [key ?? "", value ?? ""]));
  return { known: true, labels, podLabels };
}

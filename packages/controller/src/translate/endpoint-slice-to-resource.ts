/** Slice of endpoints -> EndpointSlice resource. Nothing can be wrong with it that a condition could tell. */
import { typeUrls } from "@waystone/api/names";
import { EndpointSlice } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { SliceModel } from "../model/slice.ts";

export function endpointSliceToResource(slice: SliceModel): EncodedResource {
  const body = EndpointSlice.encode({
    namespace: slice.namespace,
    name: slice.name,
    service: slice.service,
    ports: slice.ports.map(({ name, port }) => ({ name, port })),
    endpoints: slice.endpoints.map(({ workload, ...endpoint }) => ({
      ...endpoint,
      workload: workload ?? null,
    })),
  }).finish();
  return encodeResource(typeUrls.endpointSlice, slice.key, body);
}

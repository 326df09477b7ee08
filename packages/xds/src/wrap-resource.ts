/**
 * The `Resource` message around a body, encoded once per resource and spliced into the response of every waypoint. Kept
 * only as long as the resource itself: what the catalog drops is dropped here too.
 */
import { Resource } from "@waystone/api/discovery";
import type { EncodedResource } from "./resource.ts";

const wrapped = new WeakMap<EncodedResource, Uint8Array>();

export function wrapResource(resource: EncodedResource): Uint8Array {
  const known = wrapped.get(resource);
  if (known !== undefined) return known;
  const bytes = Resource.encode({
    name: resource.name,
    version: resource.version,
    resource: { typeUrl: resource.typeUrl, value: resource.body },
  }).finish();
  wrapped.set(resource, bytes);
  return bytes;
}

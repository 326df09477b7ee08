/**
 * What was applied last, as an annotation on the object itself: whoever leads next sees that nothing is to be written, and
 * a field that we no longer ask for is seen although it stands in no wish.
 */
import { contentHash } from "@waystone/base/content-hash";
import type { DeployedObject } from "./deployed-kinds.ts";

export const appliedHashKey = "waystone.dev/applied";

export function appliedHash(wish: DeployedObject): string {
  return contentHash(Buffer.from(JSON.stringify(wish)));
}

export function withAppliedHash(object: DeployedObject, hash: string): DeployedObject {
  const annotations = { ...object.metadata.annotations, [appliedHashKey]: hash };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

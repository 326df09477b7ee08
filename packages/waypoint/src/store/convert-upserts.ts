/** Every upsert of a delta, converted or refused: one bad resource never stops the others. */
import type { EncodedResource, Rejected, ResourceDelta } from "@waystone/xds/resource";
import { refusalReason } from "./decode-resource.ts";

export interface ConvertedUpserts<T> {
  /** By name; the last of one name counts. */
  readonly converted: Map<string, T>;
  readonly rejected: Rejected[];
}

export function convertUpserts<T>(
  delta: ResourceDelta,
  convert: (resource: EncodedResource) => T,
): ConvertedUpserts<T> {
  const converted = new Map<string, T>();
  const rejected: Rejected[] = [];
  for (const resource of delta.upserts) {
    try {
      converted.set(resource.name, convert(resource));
    } catch (error) {
      converted.delete(resource.name);
      rejected.push({ name: resource.name, reason: refusalReason(error) });
    }
  }
  return { converted, rejected };
}

/** Every upsert of a delta, converted or refused: one bad resource never stops the others. */
import { errorMessage } from "@waystone/base/error-message";
import type { EncodedResource, Rejected, ResourceDelta } from "@waystone/xds/resource";

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
      // Whatever was thrown on the way: one bad object never stops the others.
      rejected.push({ name: resource.name, reason: errorMessage(error) });
    }
  }
  return { converted, rejected };
}

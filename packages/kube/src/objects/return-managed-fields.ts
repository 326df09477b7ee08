/**
 * Gives the ownership of fields back after a write of ours, so that whoever applies the object later sees no conflict
 * (design.md section 1: owners go on applying). Measured on a real API server: it takes a patch of its own, which sets
 * managedFields to what they were before; in the same patch as the change it does nothing.
 */
import type { FieldSet, KubeObject, ManagedFieldsEntry } from "../kube-object.ts";
import { describeObject, type KubeResource } from "../kube-resource.ts";
import { ApiError, isConflict } from "../transport/api-error.ts";
import type { Transport } from "../transport/transport.ts";
import { getObject, patchObject } from "./objects.ts";

export interface ReturnOptions<T extends KubeObject> {
  readonly resource: KubeResource;
  /** As read before our write. */
  readonly before: T;
  /** As our write was answered. */
  readonly after: T;
  /** Under which name we wrote. */
  readonly fieldManager: string;
}

const attempts = 5;

/** The object with its fields given back; undefined where it is gone meanwhile. */
export async function returnManagedFields<T extends KubeObject>(
  transport: Transport,
  { resource, before, after, fieldManager }: ReturnOptions<T>,
): Promise<T | undefined> {
  const { namespace, name, uid } = before.metadata;
  let current: T | undefined = after;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const managedFields = givenBack(
      before.metadata.managedFields ?? [],
      current.metadata.managedFields ?? [],
      fieldManager,
    );
    const resourceVersion = current.metadata.resourceVersion;
    try {
      const patch = { metadata: { resourceVersion, managedFields } };
      return await patchObject<T>(
        transport,
        resource,
        { namespace, name },
        { type: "merge", patch },
        { fieldManager },
      );
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
    }
    // Someone wrote in between: what they took stays theirs.
    current = await getObject<T>(transport, resource, { namespace, name });
    if (current === undefined || current.metadata.uid !== uid) return undefined;
  }
  throw new ApiError({
    status: 409,
    reason: "Conflict",
    message: `${describeObject(resource, before.metadata)}: others wrote to it ${attempts} times while its fields were given back`,
  });
}

/** What others have now and had before, together, and nothing of ours. */
export function givenBack(
  before: readonly ManagedFieldsEntry[],
  now: readonly ManagedFieldsEntry[],
  fieldManager: string,
): readonly ManagedFieldsEntry[] {
  const isOurs = ({ manager }: ManagedFieldsEntry): boolean => manager === fieldManager;
  const ours = before.filter(isOurs);
  const others = now.filter((entry) => !isOurs(entry));
  const merged = others.map((entry) => {
    const held = before.find((each) => isSameOwner(each, entry));
    return held === undefined
      ? entry
      : { ...entry, fieldsV1: unite(entry.fieldsV1 ?? {}, held.fieldsV1 ?? {}) };
  });
  const gone = before.filter((entry) => !isOurs(entry) && !others.some((each) => isSameOwner(each, entry)));
  return [...merged, ...gone, ...ours];
}

function isSameOwner(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    a.apiVersion === b.apiVersion
  );
}

function unite(a: FieldSet, b: FieldSet): FieldSet {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, unite(a[name] ?? {}, b[name] ?? {})]));
}

/**
 * A write to a front, in three requests: read anew, patched if it is the very version that the plan was made from, and its
 * fields given back, so that its owner's next apply meets no conflict. Stopped between the last two, the fields stay ours
 * until `giveBackFront`, which a new leader calls once for each front.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { fieldManagers } from "@waystone/api/names";
import type { ManagedFieldsEntry } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { getObject, patchObject } from "@waystone/kube/objects/objects";
import { returnManagedFields } from "@waystone/kube/objects/return-managed-fields";
import type { Transport } from "@waystone/kube/transport/transport";

export const services = {
  group: "",
  version: "v1",
  plural: "services",
  kind: "Service",
  namespaced: true,
} as const satisfies KubeResource;

export const fieldManager = fieldManagers.controller;

/** As the API server has it, with all its fields. */
export type FreshService = Service & {
  readonly metadata: { readonly managedFields?: readonly ManagedFieldsEntry[] };
};

export type FrontWrite =
  /** The watch will show this version, or a newer one. */
  | { readonly is: "written"; readonly front: Service }
  /** Somebody wrote since the plan was made: it is to be made anew from this version. */
  | { readonly is: "stale"; readonly front: Service }
  /** There is nothing to write, or nothing to write it to. */
  | { readonly is: "nothing" };

export async function writeFront(
  transport: Transport,
  planned: Service,
  patchOf: (fresh: Service) => object | undefined,
): Promise<FrontWrite> {
  const { namespace, name, uid, resourceVersion } = planned.metadata;
  const before = await getObject<FreshService>(transport, services, { namespace, name });
  if (before === undefined || before.metadata.uid !== uid) return { is: "nothing" };
  if (before.metadata.resourceVersion !== resourceVersion) return { is: "stale", front: before };
  const patch = patchOf(before);
  if (patch === undefined) return { is: "nothing" };
  const after = await patchObject<FreshService>(
    transport,
    services,
    { namespace, name },
    { type: "merge", patch },
    { fieldManager },
  );
  const options = { resource: services, before, after, fieldManager };
  return { is: "written", front: (await returnManagedFields(transport, options)) ?? after };
}

/** What a write that was cut short has left ours. */
export async function giveBackFront(transport: Transport, { metadata }: Service): Promise<FrontWrite> {
  const { namespace, name, uid } = metadata;
  const now = await getObject<FreshService>(transport, services, { namespace, name });
  if (now === undefined || now.metadata.uid !== uid) return { is: "nothing" };
  const managedFields = now.metadata.managedFields ?? [];
  const others = managedFields.filter(({ manager }) => manager !== fieldManager);
  if (others.length === managedFields.length) return { is: "nothing" };
  const before = { ...now, metadata: { ...now.metadata, managedFields: others } };
  const after = await returnManagedFields(transport, {
    resource: services,
    before,
    after: now,
    fieldManager,
  });
  return after === undefined ? { is: "nothing" } : { is: "written", front: after };
}

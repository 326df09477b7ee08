/**
 * One captured Service put back without a controller, in the order that keeps its traffic: restore, wait until its own
 * endpoints are there, then remove what is ours. Stopped anywhere, it can be run again.
 */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import { captureKeys, fieldManagers, sliceOwner } from "@waystone/api/names";
import { pause, systemClock } from "@waystone/base/clock";
import { canRestore, isPointedByUs, releasePatch } from "@waystone/controller/capture/restore-front";
import { managedByLabel, serviceNameLabel } from "@waystone/controller/model/slice";
import { isServiceCondition } from "@waystone/controller/status/merge-status";
import { deleteObject, getObject, listObjects, patchObject } from "@waystone/kube/objects/objects";
import { returnManagedFields } from "@waystone/kube/objects/return-managed-fields";
import { isConflict } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import { kinds } from "./kinds.ts";

export interface CapturedService {
  readonly front: Service;
  readonly shadow: Service | undefined;
}

export interface PutBackOptions {
  readonly timeoutMs: number;
  /** Leaves waystone.dev/release=true, so that a controller does not capture it again. */
  readonly keepsMarker: boolean;
}

const attempts = 5;
const pollMs = 300;
const fieldManager = fieldManagers.controller;

/**
 * A remark for the person, which may be empty. Where clients were led away until now, the shadow stays: connections that they
 * keep are still at the waypoint, whose endpoints are the shadow's. The controller that runs, or that comes back, has them
 * closed one by one and takes the shadow away; so does a second call, with no controller there.
 */
export async function putBack(
  transport: Transport,
  { front, shadow }: CapturedService,
  options: PutBackOptions,
): Promise<string> {
  const restored = await restoreFront(transport, front, shadow);
  if (restored === undefined) return " (it is gone meanwhile)";
  const remark =
    shadow === undefined ? "" : await waitForEndpoints(transport, front, shadow, options.timeoutMs);
  const keepsShadow = options.keepsMarker && isPointedByUs(front, shadow);
  await removeSlices(transport, front);
  if (shadow !== undefined && !keepsShadow) await removeShadow(transport, shadow);
  await removeMarks(transport, front, options.keepsMarker);
  return remark;
}

async function restoreFront(
  transport: Transport,
  { metadata: id }: Service,
  shadow: Service | undefined,
): Promise<Service | undefined> {
  for (let attempt = 1; ; attempt++) {
    const front = await getObject<Service>(transport, kinds.service, id);
    if (front === undefined) return undefined;
    if (!canRestore(front, shadow)) {
      throw new CliError(
        `nobody knows its own selector: its annotation ${captureKeys.original} and its shadow are gone; ` +
          'apply its manifest again, with the annotation waystone.dev/release: "true"',
      );
    }
    const patch = releasePatch(front, shadow);
    if (patch === undefined) return front;
    try {
      const after = await patchObject<Service>(
        transport,
        kinds.service,
        id,
        { type: "merge", patch },
        { fieldManager },
      );
      if (isPointedByUs(after, undefined)) throw keptByPolicy(front);
      await returnManagedFields(transport, { resource: kinds.service, before: front, after, fieldManager });
      return after;
    } catch (thrown) {
      if (!isConflict(thrown) || attempt >= attempts) throw thrown;
    }
  }
}

/** The admission policy answers a patch that it does not let through with the object as it stays. */
function keptByPolicy({ metadata: { namespace } }: Service): CliError {
  return new CliError(
    `the admission policy kept it captured: you may not release services.waystone.dev in namespace ${namespace}; ` +
      "ClusterRole waystone-release, which is part of admin, gives that right",
  );
}

/** Until Kubernetes' own slices of the front have every ready address of the shadow. */
async function waitForEndpoints(
  transport: Transport,
  { metadata: { namespace, name } }: Service,
  shadow: Service,
  timeoutMs: number,
): Promise<string> {
  const deadline = systemClock.now() + timeoutMs;
  const wanted = await readyAddresses(transport, namespace, shadow.metadata.name);
  for (;;) {
    const found = await readyAddresses(transport, namespace, name);
    if ([...wanted].every((address) => found.has(address))) return "";
    if (systemClock.now() >= deadline)
      return `, though not all of its endpoints came back within ${timeoutMs / 1000} s`;
    await pause(pollMs);
  }
}

async function readyAddresses(
  transport: Transport,
  namespace: string | undefined,
  service: string,
): Promise<ReadonlySet<string>> {
  const slices = await slicesOf(transport, namespace, service);
  const addresses = slices
    .filter(({ metadata }) => metadata.labels?.[managedByLabel] !== sliceOwner)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap((endpoint) => endpoint.addresses);
  return new Set(addresses);
}

async function slicesOf(
  transport: Transport,
  namespace: string | undefined,
  service: string,
): Promise<readonly EndpointSlice[]> {
  const labelSelector = `${serviceNameLabel}=${service}`;
  return await listObjects<EndpointSlice>(transport, kinds.endpointSlice, {
    ...(namespace === undefined ? {} : { namespace }),
    labelSelector,
  });
}

async function removeSlices(transport: Transport, { metadata }: Service): Promise<void> {
  const slices = await slicesOf(transport, metadata.namespace, metadata.name);
  for (const slice of slices) {
    if (slice.metadata.labels?.[managedByLabel] !== sliceOwner) continue;
    await deleteObject(transport, kinds.endpointSlice, slice.metadata, { uid: slice.metadata.uid });
  }
}

async function removeShadow(transport: Transport, { metadata }: Service): Promise<void> {
  await deleteObject(transport, kinds.service, metadata, { uid: metadata.uid });
}

/** What is said of it in its status, and with an uninstall the marker too: it looks as before Waystone. */
export async function removeMarks(
  transport: Transport,
  { metadata: id }: Service,
  keepsMarker: boolean,
): Promise<void> {
  const front = await getObject<Service>(transport, kinds.service, id);
  if (front === undefined) return;
  const others = (front.status?.conditions ?? []).filter(({ type }) => !isServiceCondition(type));
  const { resourceVersion } = front.metadata;
  if (others.length !== (front.status?.conditions ?? []).length) {
    const patch = {
      metadata: { resourceVersion },
      status: { conditions: others.length === 0 ? null : others },
    };
    const write = { fieldManager: fieldManagers.status, subresource: "status" } as const;
    await patchObject(transport, kinds.service, id, { type: "merge", patch }, write);
  }
  if (keepsMarker || front.metadata.annotations?.[captureKeys.release] === undefined) return;
  const patch = { metadata: { annotations: { [captureKeys.release]: null } } };
  await patchObject(transport, kinds.service, id, { type: "merge", patch }, { fieldManager });
}

/**
 * What an uninstall does around putting Services back: stops the controller before, so that it captures nothing again, and
 * removes afterwards what was made at run time and so belongs to no chart. Each step may find its work done already.
 */
import { caObject, controllerObject, inUseFinalizer, managedBy } from "@waystone/api/names";
import { pause, systemClock } from "@waystone/base/clock";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { deleteObject, getObject, listObjects, patchObject } from "@waystone/kube/objects/objects";
import { isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import { kinds } from "./kinds.ts";

interface Scaled extends KubeObject {
  readonly spec?: { readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } };
}

const pollMs = 500;
/** Nodes that are slow to hear still send to waypoints, and connections that are open want to end. */
const lingerMs = 10_000;
const ours = `app.kubernetes.io/managed-by=${managedBy}`;
const fieldManager = `${controllerObject}-cli`;

/** Gateways first, whose deletion takes what they own; then what Gateways of users have. */
const runtimeKinds: readonly KubeResource[] = [
  kinds.gateway,
  kinds.deployment,
  kinds.horizontalPodAutoscaler,
  kinds.podDisruptionBudget,
  kinds.service,
  kinds.serviceAccount,
  kinds.configMap,
  kinds.gatewayClass,
];

export async function stopController(
  transport: Transport,
  namespace: string,
  timeoutMs: number,
  print: (line: string) => void,
): Promise<void> {
  const id = { namespace, name: controllerObject };
  const deployment = await getObject<Scaled>(transport, kinds.deployment, id);
  if (deployment === undefined) return;
  const patch = { spec: { replicas: 0 } };
  // Scaled, and no more: who may patch a Deployment may run anything under its account.
  const write = { fieldManager, subresource: "scale" } as const;
  await patchObject(transport, kinds.deployment, id, { type: "merge", patch }, write);
  const deadline = systemClock.now() + timeoutMs;
  while (await isRunning(transport, deployment)) {
    if (systemClock.now() >= deadline) {
      throw new CliError(
        `deployment/${controllerObject} in ${namespace} still has pods after ${timeoutMs / 1000} s; nothing was put back`,
      );
    }
    await pause(pollMs);
  }
  print(`deployment/${controllerObject} stopped`);
}

/** Pods and not status.replicas, which leaves out those that are ending: such a one may still lead. */
async function isRunning(transport: Transport, { metadata, spec }: Scaled): Promise<boolean> {
  const labels = Object.entries(spec?.selector?.matchLabels ?? {});
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  const { namespace = "" } = metadata;
  return (await listObjects(transport, kinds.pod, { namespace, labelSelector })).length > 0;
}

export async function removeRuntimeObjects(
  transport: Transport,
  namespace: string,
  print: (line: string) => void,
): Promise<void> {
  await pause(lingerMs);
  const freed = await freeGateways(transport);
  if (freed > 0) print(`${freed} Gateways freed of their finalizer`);
  for (const kind of runtimeKinds) {
    const removed = await removeAll(transport, kind);
    if (removed > 0) print(`${removed} ${kind.plural} removed`);
  }
  await deleteObject(transport, kinds.lease, { namespace, name: controllerObject });
  await deleteObject(transport, kinds.secret, { namespace, name: caObject });
}

/** Where the kind is not served, there is nothing of it. */
async function listOurs(
  transport: Transport,
  kind: KubeResource,
  labelSelector?: string,
): Promise<readonly KubeObject[]> {
  try {
    return await listObjects(transport, kind, {
      ...(labelSelector === undefined ? {} : { labelSelector }),
      // A role can allow listing one name, and no label.
      ...(kind === kinds.configMap ? { fieldSelector: `metadata.name=${caObject}` } : {}),
    });
  } catch (thrown) {
    if (isNotFound(thrown)) return [];
    throw thrown;
  }
}

async function freeGateways(transport: Transport): Promise<number> {
  let freed = 0;
  for (const { metadata } of await listOurs(transport, kinds.gateway)) {
    if (metadata.finalizers?.includes(inUseFinalizer) !== true) continue;
    const finalizers = metadata.finalizers.filter((each) => each !== inUseFinalizer);
    const patch = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
    await patchObject(transport, kinds.gateway, metadata, { type: "merge", patch }, { fieldManager });
    freed++;
  }
  return freed;
}

async function removeAll(transport: Transport, kind: KubeResource): Promise<number> {
  const objects = await listOurs(transport, kind, ours);
  for (const { metadata } of objects) {
    await deleteObject(transport, kind, metadata, { uid: metadata.uid, propagation: "Background" });
  }
  return objects.length;
}

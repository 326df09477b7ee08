/**
 * `waystone unenroll`: changes the annotations, and waits until the controller has done its part: what a person wants to know
 * is whether the traffic is direct again, not whether an annotation is gone.
 */
import type { Namespace, Service } from "@waystone/api/kubernetes/core";
import { captureKeys, fieldManagers, useWaypointKey, useWaypointNamespaceKey } from "@waystone/api/names";
import { pause, systemClock } from "@waystone/base/clock";
import { getObject, listObjects, patchObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import { withCluster } from "../cluster/connect-cluster.ts";
import { kinds } from "../cluster/kinds.ts";
import { describeTarget, parseTarget, type Target } from "../cluster/parse-target.ts";
import type { UnenrollOptions } from "../commands/unenroll.ts";

const pollMs = 500;

export async function unenroll(
  words: readonly string[],
  options: UnenrollOptions,
  print: (line: string) => void,
): Promise<void> {
  await withCluster(options, async ({ transport, namespace }) => {
    const target = parseTarget(words, namespace);
    const suffix = options.dryRun === true ? " (dry run)" : "";
    // Before the change: a controller may have given them back by the time that they could be asked for after it.
    const captured = await capturedServices(transport, target);
    const changed = await changeAnnotations(transport, target, options.dryRun === true);
    print(`${describeTarget(target)} ${changed ? "unenrolled" : "has no waypoint of its own"}${suffix}`);
    for (const name of captured) print(`service/${name} is given back${suffix}`);
    if (options.dryRun === true || !options.wait || captured.length === 0) return;
    await waitUntilReleased(transport, target, options.timeout);
    print(`${captured.length} Services have their own selector and ports again`);
  });
}

/** Whether there was anything to change. */
async function changeAnnotations(transport: Transport, target: Target, isDryRun: boolean): Promise<boolean> {
  const kind = kinds[target.kind];
  const id = target.kind === "namespace" ? { name: target.name } : target;
  const object = await getObject<Namespace | Service>(transport, kind, id);
  if (object === undefined) throw new CliError(`${describeTarget(target)} does not exist`);
  const isOptOut = target.kind === "service" && (await isNamespaceEnrolled(transport, target.namespace));
  const wanted = isOptOut ? "none" : null;
  const { annotations = {}, labels = {} } = object.metadata;
  const isAsWanted =
    (annotations[useWaypointKey] ?? null) === wanted && (isOptOut || !(useWaypointKey in labels));
  if (isAsWanted) return false;
  const patch = {
    metadata: {
      annotations: { [useWaypointKey]: wanted, [useWaypointNamespaceKey]: null },
      labels: { [useWaypointKey]: null, [useWaypointNamespaceKey]: null },
    },
  };
  const write = { fieldManager: `${fieldManagers.controller}-cli`, isDryRun };
  await patchObject(transport, kind, id, { type: "merge", patch }, write);
  return true;
}

async function isNamespaceEnrolled(transport: Transport, name: string): Promise<boolean> {
  const namespace = await getObject<Namespace>(transport, kinds.namespace, { name });
  const { annotations, labels } = namespace?.metadata ?? {};
  const value = annotations?.[useWaypointKey] ?? labels?.[useWaypointKey];
  return value !== undefined && value !== "none";
}

/** Names of captured Services that lose their waypoint; Services that ask for one themselves keep it. */
async function capturedServices(transport: Transport, target: Target): Promise<readonly string[]> {
  const services = await listObjects<Service>(transport, kinds.service, { namespace: namespaceOf(target) });
  return services
    .filter(({ metadata }) => target.kind === "namespace" || metadata.name === target.name)
    .filter(({ metadata }) => metadata.annotations?.[captureKeys.capturedBy] !== undefined)
    .filter(
      ({ metadata }) =>
        target.kind === "service" ||
        (metadata.annotations?.[useWaypointKey] ?? metadata.labels?.[useWaypointKey]) === undefined,
    )
    .map(({ metadata }) => metadata.name);
}

function namespaceOf(target: Target): string {
  return target.kind === "namespace" ? target.name : target.namespace;
}

async function waitUntilReleased(transport: Transport, target: Target, timeoutMs: number): Promise<void> {
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    const left = await capturedServices(transport, target);
    if (left.length === 0) return;
    if (systemClock.now() >= deadline) {
      throw new CliError(
        `${left.length} Services are still captured after ${timeoutMs / 1000} s: ${left.join(", ")}; ` +
          "is the controller running? (waystone check; without a controller: waystone restore)",
      );
    }
    await pause(pollMs);
  }
}

/**
 * The GatewayClasses of waypoints, a task of the leader: waystone-waypoint, which is ours to make, is there as soon as the
 * Gateway API is; every class that names our controller is told that it is Accepted (GatewayClass.spec.controllerName). A
 * class of our name that belongs to another controller is left alone, and said.
 */
import type { GatewayClass } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { supportedFeatures } from "@waystone/api/features";
import {
  controllerName,
  fieldManagers,
  gatewayGroup,
  managedBy,
  waypointClassName,
} from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { Collection } from "@waystone/collection/collection";
import { deepEquals } from "@waystone/collection/deep-equals";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { applyObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { openWorkQueue } from "@waystone/kube/work-queue";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { SourcedObject } from "../model/sources.ts";
import type { SourceProbeResult } from "../probe/probe-source.ts";
import { kubernetesTime } from "../status/kubernetes-time.ts";
import { describeAbsent, type GatewayApiRelease } from "./gateway-api-release.ts";
import type { OpenTask } from "./leader-duty.ts";

export interface GatewayClassOptions {
  readonly transport: Transport;
  readonly gatewayClasses: Collection<SourcedObject<GatewayClass>>;
  readonly gatewayApi: Collection<GatewayApiRelease>;
  readonly sourceProbe: Collection<SourceProbeResult>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

const worthAWarning = 4;

const resource: KubeResource = {
  group: gatewayGroup,
  version: "v1",
  plural: "gatewayclasses",
  kind: "GatewayClass",
  namespaced: false,
};

export function openGatewayClass(options: GatewayClassOptions): OpenTask {
  const { gatewayClasses, gatewayApi, sourceProbe, clock, rng, logger } = options;
  const queue = openWorkQueue({
    work: async (name) => await keepGatewayClass(options, name),
    onFailure: (name, thrown, failures, retryMs) => {
      // Definitions that have just been applied are not served for a moment.
      const level = failures < worthAWarning ? "debug" : "warn";
      logger[level](
        { failures, retryMs, error: thrown },
        `GatewayClass ${name} could not be made or accepted: trying again`,
      );
    },
    clock,
    rng,
  });
  const look = (): void => {
    queue.add(waypointClassName);
    for (const { key } of gatewayClasses.list()) queue.add(key);
  };
  const stops = [
    gatewayApi.subscribe(look, { replay: true }),
    sourceProbe.subscribe(look),
    gatewayClasses.subscribe((events) => {
      for (const { key } of events) queue.add(key);
    }),
  ];
  return {
    async close() {
      for (const stop of stops) stop();
      await queue.close();
    },
  };
}

async function keepGatewayClass(options: GatewayClassOptions, name: string): Promise<void> {
  const { transport, gatewayApi } = options;
  const [release] = gatewayApi.list();
  if (release === undefined || release.missing.includes("GatewayClass")) return;
  const gatewayClass = await findGatewayClass(options, name);
  if (gatewayClass === undefined) return;
  const wantedNow = wantedConditions(
    gatewayClass.metadata.generation ?? 0,
    release,
    options.sourceProbe.get("source"),
  );
  const conditions = datedConditions(gatewayClass, wantedNow, options.clock);
  const features = supportedFeatures(release);
  if (conditions === undefined && saysFeatures(gatewayClass, features)) return;
  const status = {
    conditions: conditions ?? gatewayClass.status?.conditions ?? [],
    supportedFeatures: features.map((name) => ({ name })),
  };
  const wanted = { metadata: { name }, status };
  await applyObject(transport, resource, wanted, {
    fieldManager: fieldManagers.status,
    subresource: "status",
  });
}

/** undefined: it is not ours, or somebody's own that is gone. */
async function findGatewayClass(
  { transport, gatewayClasses, logger }: GatewayClassOptions,
  name: string,
): Promise<GatewayClass | undefined> {
  const known = gatewayClasses.get(name)?.object;
  const owner = known?.spec.controllerName ?? controllerName;
  if (owner === controllerName)
    return known ?? (name === waypointClassName ? await makeGatewayClass(transport) : undefined);
  if (name !== waypointClassName) return undefined;
  logger.warn(
    { controllerName: owner },
    `GatewayClass ${name} belongs to another controller, so no Gateway of it is a waypoint; delete it, and it is made anew`,
  );
  return undefined;
}

async function makeGatewayClass(transport: Transport): Promise<GatewayClass> {
  const wanted = {
    metadata: { name: waypointClassName, labels: { "app.kubernetes.io/managed-by": managedBy } },
    spec: {
      controllerName,
      description: "L7 waypoints for the Services of this cluster (Waystone)",
    },
  };
  return await applyObject<GatewayClass>(transport, resource, wanted, {
    fieldManager: fieldManagers.controller,
  });
}

function saysFeatures({ status }: GatewayClass, features: readonly string[]): boolean {
  return deepEquals(
    (status?.supportedFeatures ?? []).map(({ name }) => name),
    features,
  );
}

/** Undefined: they are what they should be. */
function datedConditions(
  gatewayClass: GatewayClass,
  wanted: readonly DraftCondition[],
  clock: Clock,
): readonly Condition[] | undefined {
  const before = new Map((gatewayClass.status?.conditions ?? []).map((each) => [each.type, each]));
  if (wanted.every((condition) => isSaid(before.get(condition.type), condition))) return undefined;
  const now = kubernetesTime(clock);
  return wanted.map((condition) => {
    const said = before.get(condition.type);
    const lastTransitionTime = said?.status === condition.status ? said.lastTransitionTime : now;
    return { ...condition, lastTransitionTime };
  });
}

function isSaid(before: Condition | undefined, wanted: DraftCondition): boolean {
  return (
    before?.status === wanted.status &&
    before.reason === wanted.reason &&
    before.message === wanted.message &&
    before.observedGeneration === wanted.observedGeneration
  );
}

/** Odd versions are used as they are: the class stays Accepted, and SupportedVersion says what is odd (GEP-1364). */
function wantedConditions(
  generation: number,
  release: GatewayApiRelease,
  probe: SourceProbeResult | undefined,
): readonly DraftCondition[] {
  const { versions, oddity } = release;
  const accepted = "Gateways of this class are waypoints of Waystone";
  const supported =
    oddity === undefined
      ? draftCondition(
          "SupportedVersion",
          "True",
          "SupportedVersion",
          `Gateway API ${versions.join(", ")} is supported${describeAbsent(release)}`,
          generation,
        )
      : draftCondition("SupportedVersion", "False", "UnsupportedVersion", oddity, generation);
  return [
    draftCondition("Accepted", "True", "Accepted", accepted, generation),
    supported,
    sourceCondition(generation, probe),
  ];
}

/** Of the cluster, not of one waypoint: so it is said here, once. */
function sourceCondition(generation: number, probe: SourceProbeResult | undefined): DraftCondition {
  const verdict = probe?.verdict ?? "unknown";
  const status = verdict === "kept" ? "True" : verdict === "lost" ? "False" : "Unknown";
  const reason = verdict === "kept" ? "Kept" : verdict === "lost" ? "Rewritten" : "NotKnown";
  const message = probe?.message ?? "not asked yet";
  return draftCondition("waystone.dev/SourceAddressesKept", status, reason, message, generation);
}

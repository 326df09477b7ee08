/**
 * Writes what is true of Services, routes and Gateways into their status, in the API server. A task of the leader. Each write
 * rests on the object as it is known here, or on a fresh read where that was too old, and carries its resourceVersion: parents of
 * a route and conditions of a Service are lists that others write to as well. What would change nothing is not written, nor
 * even read, so that a new leader costs the API server nothing; what somebody takes away is put back.
 */
import { experimentalGatewayGroup, fieldManagers, waystoneGroup } from "@waystone/api/names";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { Collection } from "@waystone/collection/collection";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { getObject, patchObject } from "@waystone/kube/objects/objects";
import { isConflict, isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { openWorkQueue, type WorkQueue } from "@waystone/kube/work-queue";
import type { SourcedObject } from "../model/sources.ts";
import { emptyStatus, type ObjectStatus } from "../translate/object-status.ts";
import { kubernetesTime } from "./kubernetes-time.ts";
import { isServiceCondition, mergeStatus, type WrittenStatus } from "./merge-status.ts";
import { OwnWrites } from "./own-writes.ts";
import { StatusPace } from "./status-pace.ts";

export interface ObjectWithStatus extends KubernetesObject {
  readonly status?: WrittenStatus;
}

/** By kind: objects as they are followed, with their whole status and resourceVersion. Other kinds are read before each write. */
export type LiveObjects = Readonly<Record<string, Collection<SourcedObject<ObjectWithStatus>>>>;

export interface StatusWriterOptions {
  readonly transport: Transport;
  /** By "<Kind>/<namespace>/<name>". */
  readonly statuses: Collection<ObjectStatus>;
  readonly live: LiveObjects;
  /** Nothing is written before; at once unless given. */
  readonly settled?: Promise<void>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

const gatewayApi = { group: "gateway.networking.k8s.io", version: "v1", namespaced: true } as const;

const policies: KubeResource = {
  group: waystoneGroup,
  version: "v1alpha1",
  plural: "authorizationpolicies",
  kind: "AuthorizationPolicy",
  namespaced: true,
};

const authenticationPolicies: KubeResource = {
  ...policies,
  plural: "authenticationpolicies",
  kind: "AuthenticationPolicy",
};

const trafficPolicies: KubeResource = {
  group: experimentalGatewayGroup,
  version: "v1alpha1",
  plural: "xbackendtrafficpolicies",
  kind: "XBackendTrafficPolicy",
  namespaced: true,
};

/** Other kinds have statuses for `waystone run` alone, or are written elsewhere (GatewayClasses). */
const written: ReadonlyMap<string, KubeResource> = new Map<string, KubeResource>([
  ["Service", { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true }],
  ["HTTPRoute", { ...gatewayApi, plural: "httproutes", kind: "HTTPRoute" }],
  ["GRPCRoute", { ...gatewayApi, plural: "grpcroutes", kind: "GRPCRoute" }],
  ["TLSRoute", { ...gatewayApi, plural: "tlsroutes", kind: "TLSRoute" }],
  ["TCPRoute", { ...gatewayApi, plural: "tcproutes", kind: "TCPRoute" }],
  ["AuthenticationPolicy", authenticationPolicies],
  ["AuthorizationPolicy", policies],
  ["BackendTLSPolicy", { ...gatewayApi, plural: "backendtlspolicies", kind: "BackendTLSPolicy" }],
  ["XBackendTrafficPolicy", trafficPolicies],
  ["Gateway", { ...gatewayApi, plural: "gateways", kind: "Gateway" }],
]);

export function openStatusWriter(options: StatusWriterOptions): { close(): Promise<void> } {
  const { statuses, live, clock, rng, logger } = options;
  const queue = openWorkQueue({
    work: async (key) => await writer.write(key),
    // One of them counts the routes of thousands, whose own statuses are all on their way with it.
    goesFirst: (key) => kindOf(key) === "Gateway",
    onFailure: (key, thrown, failures, retryMs) => {
      // Others write too: a conflict is no trouble, and the next try reads anew.
      const level = isConflict(thrown) && failures < 5 ? "debug" : "warn";
      logger[level]({ object: key, failures, retryMs }, `status of ${key} not written: ${messageOf(thrown)}`);
    },
    clock,
    rng,
  });
  const writer = new StatusWriter(options, queue);
  const stops: (() => void)[] = [];
  let isClosed = false;
  const begin = (): void => {
    if (isClosed) return;
    const follow = statuses.subscribe(
      (events) => {
        for (const event of events) if (written.has(kindOf(event.key))) queue.add(event.key);
      },
      { replay: true },
    );
    stops.push(follow, ...followLive(live, (key) => queue.add(key)));
  };
  if (options.settled === undefined) begin();
  else void options.settled.then(begin);
  return {
    async close() {
      isClosed = true;
      for (const stop of stops) stop();
      writer.close();
      await queue.close();
    },
  };
}

/** Objects on which something of ours stands, or should: also of an earlier leader, and also what somebody else has undone. */
function followLive(live: LiveObjects, look: (key: string) => void): readonly (() => void)[] {
  return Object.entries(live).map(([kind, objects]) =>
    objects.subscribe(
      (events) => {
        for (const event of events) {
          if (event.type === "delete") continue;
          if (kind !== "Service" || isMarked(event.item.object)) look(`${kind}/${event.key}`);
        }
      },
      { replay: true },
    ),
  );
}

/** Most Services of a cluster are none of ours. */
function isMarked({ status }: ObjectWithStatus): boolean {
  return status?.conditions?.some(({ type }) => isServiceCondition(type)) ?? false;
}

class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #queue: WorkQueue;
  readonly #pace = new StatusPace();
  readonly #own = new OwnWrites();
  /** Keys that come again by themselves. */
  readonly #putOff = new Map<string, { readonly dueAt: number; readonly timer: Timer }>();

  constructor(options: StatusWriterOptions, queue: WorkQueue) {
    this.#options = options;
    this.#queue = queue;
  }

  async write(key: string): Promise<void> {
    const { statuses, live } = this.#options;
    const [kind = "", namespace = "", name = ""] = key.split("/");
    const known = this.#own.newest(key, live[kind]?.get(`${namespace}/${name}`)?.object);
    const resource = inVersionOf(known, written.get(kind));
    if (resource === undefined) return;
    const wanted = statuses.get(key) ?? nothingToSay(kind, namespace, name);
    // The object's next event comes here too: what is known is at most too old for a moment.
    if (live[kind] !== undefined && (known === undefined || this.#merge(known, wanted) === undefined)) {
      this.#rest(key, known);
      return;
    }
    if (this.#isPutOff(key, wanted)) return;
    if (known?.metadata.resourceVersion !== undefined && (await this.#tryKnown(resource, known, wanted)))
      return;
    const fresh = await getObject<ObjectWithStatus>(this.#options.transport, resource, { namespace, name });
    if (fresh !== undefined) await this.#patch(resource, fresh, wanted);
  }

  #merge(object: ObjectWithStatus, wanted: ObjectStatus): Readonly<Record<string, unknown>> | undefined {
    return mergeStatus(object.status ?? {}, wanted, kubernetesTime(this.#options.clock));
  }

  close(): void {
    for (const { timer } of this.#putOff.values()) timer.cancel();
    this.#putOff.clear();
  }

  /** All is said of it, or it is gone. */
  #rest(key: string, known: ObjectWithStatus | undefined): void {
    if (known === undefined) this.#pace.forget(key);
    else this.#pace.rest(key);
  }

  /** Its time has not come: then it comes again by itself. */
  #isPutOff(key: string, wanted: ObjectStatus): boolean {
    const { clock } = this.#options;
    const now = clock.now();
    const waitMs = this.#pace.waitMs(key, wanted, now);
    if (waitMs === 0) return false;
    const dueAt = now + waitMs;
    const putOff = this.#putOff.get(key);
    if (putOff !== undefined && putOff.dueAt <= dueAt) return true;
    putOff?.timer.cancel();
    const timer = clock.after(waitMs, () => {
      // A timer may be early by a fraction of a millisecond: then it is put off once more.
      this.#putOff.delete(key);
      this.#queue.add(key);
    });
    this.#putOff.set(key, { dueAt, timer });
    return true;
  }

  /** False: what is known of it is too old. */
  async #tryKnown(resource: KubeResource, known: ObjectWithStatus, wanted: ObjectStatus): Promise<boolean> {
    try {
      await this.#patch(resource, known, wanted);
      return true;
    } catch (thrown) {
      if (isConflict(thrown)) return false;
      throw thrown;
    }
  }

  async #patch(resource: KubeResource, object: ObjectWithStatus, wanted: ObjectStatus): Promise<void> {
    const status = this.#merge(object, wanted);
    if (status === undefined) return;
    const { namespace, name, resourceVersion } = object.metadata;
    const patch = { metadata: { resourceVersion }, status };
    const { transport, clock, live } = this.#options;
    // From here: a server that takes its time makes the time between two writes no longer.
    const sentAt = clock.now();
    try {
      const answer = await patchObject<ObjectWithStatus>(
        transport,
        resource,
        { namespace, name },
        { type: "merge", patch },
        { fieldManager: fieldManagers.status, subresource: "status" },
      );
      this.#pace.wrote(wanted.key, wanted, sentAt);
      if (live[wanted.kind] !== undefined) this.#own.wrote(wanted.key, answer);
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }
}

/** An older cluster serves some kinds in older versions alone, and they are followed in these. */
function inVersionOf(
  known: ObjectWithStatus | undefined,
  resource: KubeResource | undefined,
): KubeResource | undefined {
  if (known === undefined || resource === undefined) return resource;
  return { ...resource, version: known.apiVersion.slice(known.apiVersion.indexOf("/") + 1) };
}

/** Nothing is said of it any more: what was said goes. */
function nothingToSay(kind: string, namespace: string, name: string): ObjectStatus {
  return emptyStatus({ apiVersion: "", kind, metadata: { namespace, name } }, undefined);
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

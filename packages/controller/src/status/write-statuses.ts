/**
 * Writes what is true of Services, routes and Gateways into their status, in the API server. A task of the leader. Each
 * write rests on a fresh read and carries its resourceVersion, because parents of a route and conditions of a Service are
 * lists that others write to as well; what would change nothing is not written.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { fieldManagers, waystoneGroup } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { Collection } from "@waystone/collection/collection";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { getObject, patchObject } from "@waystone/kube/objects/objects";
import { isConflict, isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { openWorkQueue } from "@waystone/kube/work-queue";
import type { SourcedObject } from "../model/sources.ts";
import { emptyStatus, type ObjectStatus } from "../translate/object-status.ts";
import { kubernetesTime } from "./kubernetes-time.ts";
import { isServiceCondition, mergeStatus, type WrittenStatus } from "./merge-status.ts";

export interface StatusWriterOptions {
  readonly transport: Transport;
  /** By "<Kind>/<namespace>/<name>". */
  readonly statuses: Collection<ObjectStatus>;
  /** To find what an earlier leader wrote about Services of which nothing is said any more. */
  readonly services: Collection<SourcedObject<Service>>;
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

/** Other kinds have statuses for `waystone run` alone, or are written elsewhere (GatewayClasses). */
const written: ReadonlyMap<string, KubeResource> = new Map<string, KubeResource>([
  ["Service", { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true }],
  ["HTTPRoute", { ...gatewayApi, plural: "httproutes", kind: "HTTPRoute" }],
  ["GRPCRoute", { ...gatewayApi, plural: "grpcroutes", kind: "GRPCRoute" }],
  ["AuthorizationPolicy", policies],
  ["Gateway", { ...gatewayApi, plural: "gateways", kind: "Gateway" }],
]);

export function openStatusWriter(options: StatusWriterOptions): { close(): Promise<void> } {
  const { statuses, services, clock, rng, logger } = options;
  const writer = new StatusWriter(options);
  const queue = openWorkQueue({
    work: async (key) => await writer.write(key),
    onFailure: (key, thrown, failures, retryMs) => {
      // Others write too: a conflict is no trouble, and the next try reads anew.
      const level = isConflict(thrown) && failures < 5 ? "debug" : "warn";
      logger[level]({ object: key, failures, retryMs }, `status of ${key} not written: ${messageOf(thrown)}`);
    },
    clock,
    rng,
  });
  let stopStatuses = (): void => {};
  let isClosed = false;
  const begin = (): void => {
    if (isClosed) return;
    stopStatuses = statuses.subscribe(
      (events) => {
        for (const event of events) if (written.has(kindOf(event.key))) queue.add(event.key);
      },
      { replay: true },
    );
    for (const { key, object } of services.list()) {
      const isMarked = object.status?.conditions?.some(({ type }) => isServiceCondition(type)) ?? false;
      if (isMarked) queue.add(`Service/${key}`);
    }
  };
  if (options.settled === undefined) begin();
  else void options.settled.then(begin);
  return {
    async close() {
      isClosed = true;
      stopStatuses();
      await queue.close();
    },
  };
}

class StatusWriter {
  readonly #options: StatusWriterOptions;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  async write(key: string): Promise<void> {
    const { transport, statuses, clock } = this.#options;
    const [kind = "", namespace = "", name = ""] = key.split("/");
    const resource = written.get(kind);
    if (resource === undefined) return;
    const object = await getObject<KubeObject & { readonly status?: WrittenStatus }>(transport, resource, {
      namespace,
      name,
    });
    if (object === undefined) return;
    const wanted = statuses.get(key) ?? nothingToSay(kind, namespace, name);
    const status = mergeStatus(object.status ?? {}, wanted, kubernetesTime(clock));
    if (status === undefined) return;
    const patch = { metadata: { resourceVersion: object.metadata.resourceVersion }, status };
    try {
      await patchObject(
        transport,
        resource,
        { namespace, name },
        { type: "merge", patch },
        { fieldManager: fieldManagers.status, subresource: "status" },
      );
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }
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

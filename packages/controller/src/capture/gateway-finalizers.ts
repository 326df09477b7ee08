/**
 * The finalizer of Gateways in use: a Gateway that is deleted stays, and its waypoint with it, until its Services have been
 * given back. It is there as long as any shadow names the Gateway, or any front leads to it.
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup, inUseFinalizer } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { Collection } from "@waystone/collection/collection";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { getObject, patchObject } from "@waystone/kube/objects/objects";
import { isConflict } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { openWorkQueue } from "@waystone/kube/work-queue";
import type { SourcedObject } from "../model/sources.ts";
import type { PlannedCapture } from "./capture-plans.ts";
import type { CaptureView } from "./capture-view.ts";
import { pointedAt } from "./capture-wish.ts";
import { fieldManager } from "./write-front.ts";

export interface GatewayFinalizerOptions {
  readonly transport: Transport;
  readonly plans: Collection<PlannedCapture>;
  readonly gateways: Collection<SourcedObject<Gateway>>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

const resource = {
  group: gatewayGroup,
  version: "v1",
  plural: "gateways",
  kind: "Gateway",
  namespaced: true,
} as const satisfies KubeResource;

export function openGatewayFinalizers(options: GatewayFinalizerOptions): { close(): Promise<void> } {
  const { transport, plans, gateways, clock, rng, logger } = options;
  const users = new GatewayUsers();
  const queue = openWorkQueue({
    work: async (gateway) => {
      const object = gateways.get(gateway)?.object;
      if (object === undefined || !needsWrite(object, users.has(gateway))) return;
      await writeFinalizer(transport, object, () => users.has(gateway));
    },
    onFailure: (gateway, thrown, failures, retryMs) => {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      const level = isConflict(thrown) && failures < 5 ? "debug" : "warn";
      logger[level]({ gateway, failures, retryMs }, `finalizer of Gateway ${gateway} not written: ${text}`);
    },
    clock,
    rng,
  });
  const stopPlans = plans.subscribe(
    (events) => {
      for (const event of events) {
        const named = event.type === "delete" ? [] : waypointsOf(event.item.view);
        for (const gateway of users.set(event.key, named)) queue.add(gateway);
      }
    },
    { replay: true },
  );
  // After the plans: before, every Gateway would seem unused.
  const stopGateways = gateways.subscribe(
    (events) => {
      for (const { key } of events) queue.add(key);
    },
    { replay: true },
  );
  return {
    async close() {
      stopPlans();
      stopGateways();
      await queue.close();
    },
  };
}

function waypointsOf(view: CaptureView): readonly string[] {
  const { shadow } = view;
  const named = [shadow?.waypoint, shadow?.movingTo, pointedAt(view)];
  return [...new Set(named.filter((each) => each !== undefined))];
}

function needsWrite({ metadata }: Gateway, isUsed: boolean): boolean {
  const has = metadata.finalizers?.includes(inUseFinalizer) ?? false;
  // One that is on its way out takes no new finalizers.
  return isUsed ? !has && metadata.deletionTimestamp === undefined : has;
}

async function writeFinalizer(transport: Transport, planned: Gateway, isUsed: () => boolean): Promise<void> {
  const { namespace, name, uid } = planned.metadata;
  const fresh = await getObject<Gateway>(transport, resource, { namespace, name });
  if (fresh === undefined || fresh.metadata.uid !== uid || !needsWrite(fresh, isUsed())) return;
  const others = (fresh.metadata.finalizers ?? []).filter((each) => each !== inUseFinalizer);
  const finalizers = isUsed() ? [...others, inUseFinalizer] : others;
  const patch = { metadata: { resourceVersion: fresh.metadata.resourceVersion, finalizers } };
  await patchObject(transport, resource, { namespace, name }, { type: "merge", patch }, { fieldManager });
}

/** Which Services use which Gateway. */
class GatewayUsers {
  readonly #gateways = new Map<string, readonly string[]>();
  readonly #users = new Map<string, Set<string>>();

  has(gateway: string): boolean {
    return this.#users.has(gateway);
  }

  /** The Gateways of which it may have changed whether they are in use. */
  set(service: string, gateways: readonly string[]): readonly string[] {
    const before = this.#gateways.get(service) ?? [];
    if (gateways.length === 0) this.#gateways.delete(service);
    else this.#gateways.set(service, gateways);
    for (const gateway of before) this.#remove(gateway, service);
    for (const gateway of gateways) this.#add(gateway, service);
    return [...before, ...gateways];
  }

  #add(gateway: string, service: string): void {
    const users = this.#users.get(gateway);
    if (users === undefined) this.#users.set(gateway, new Set([service]));
    else users.add(service);
  }

  #remove(gateway: string, service: string): void {
    const users = this.#users.get(gateway);
    users?.delete(service);
    if (users?.size === 0) this.#users.delete(gateway);
  }
}

/**
 * Carries out what the deploy model says, while this controller leads: each waypoint's objects by server-side apply, the
 * Gateways that nobody declared, and what is left over. Work goes by Gateway; whatever changes about one brings its key back.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { RecordEvent } from "@waystone/kube/events";
import type { Transport } from "@waystone/kube/transport/transport";
import { openWorkQueue, type WorkQueue } from "@waystone/kube/work-queue";
import type { DeployModel } from "./deploy-model.ts";
import { DeployedObjects } from "./deployed-objects.ts";
import { DeployWork } from "./deploy-work.ts";
import { type LiveObject, followLiveObjects } from "./live-objects.ts";

export interface DeployerOptions {
  readonly model: DeployModel;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics?: MetricsRegistry;
  readonly record?: RecordEvent;
}

export interface Deployer {
  /** What is there stays as it is. Resolves when no write is under way any more. */
  close(): Promise<void>;
}

export function openDeployer(options: DeployerOptions): Deployer {
  const { model, transport, clock, rng, logger, metrics } = options;
  const objects = new DeployedObjects({ transport, clock, live: model.live, logger, metrics });
  const work = new DeployWork({ ...options, objects, later: (key, ms) => queue.addAfter(key, ms) });
  const queue: WorkQueue = openWorkQueue({
    work: (key) => work.carryOut(key),
    onFailure: (key, thrown, failures, retryMs) => work.failed(key, thrown, failures, retryMs),
    clock,
    rng,
  });
  const reflectors = followLiveObjects({
    ...model.options,
    live: model.live,
    transport,
    clock,
    rng,
    logger,
    metrics,
  });
  const stops: (() => void)[] = [];
  const begin = (): void => {
    const addKeys = (events: readonly { readonly key: string }[]): void => {
      for (const { key } of events) queue.add(key);
    };
    stops.push(
      model.plans.subscribe(addKeys, { replay: true }),
      model.implied.subscribe(addKeys, { replay: true }),
      model.orphans.subscribe(addKeys, { replay: true }),
      model.live.all.subscribe(
        (events) => {
          for (const event of events) {
            if (event.type === "delete") objects.forget(event.key);
            const item = event.type === "delete" ? event.before : event.item;
            for (const key of waypointsWith(model, item)) queue.add(key);
          }
        },
        { replay: true },
      ),
    );
  };
  let isClosed = false;
  // Before all kinds are known, what exists would look as if it were missing.
  void Promise.all(reflectors.map((reflector) => reflector.whenSynced())).then(() => {
    if (!isClosed) begin();
  });
  return {
    async close() {
      isClosed = true;
      for (const stop of stops) stop();
      await queue.close();
      await Promise.all(reflectors.map((reflector) => reflector.close()));
    },
  };
}

/** The CA's ConfigMap is every waypoint's in its namespace. */
function waypointsWith(model: DeployModel, { kind, gateway, object }: LiveObject): readonly string[] {
  if (kind !== "ConfigMap") return gateway === undefined ? [] : [gateway];
  const { namespace } = object.metadata;
  return model.plans
    .list()
    .filter((plan) => plan.gateway.metadata.namespace === namespace)
    .map(({ key }) => key);
}

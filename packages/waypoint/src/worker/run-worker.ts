/**
 * The life of a worker thread: it takes in what the main thread sends (protocol.ts), keeps a store and its snapshot, and
 * lets the data plane follow it. Everything happens in the order of the messages, so that "listen" after "apply" never
 * opens a port whose routes are not there.
 */
import type { MessagePort } from "node:worker_threads";
import { typeUrls } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { ResourceDelta } from "@waystone/xds/resource";
import { openMemorySource } from "../overload/memory-use.ts";
import { dumpStore } from "../store/dump-store.ts";
import { createStore, type Store } from "../store/store.ts";
import type { DataPlane, DataPlaneOptions } from "./data-plane-seam.ts";
import { IdentityTable } from "./identity-table.ts";
import { LogCredit } from "./log-credit.ts";
import type { FromWorker, ToWorker, WorkerInit } from "./protocol.ts";
import { openThreadMetrics } from "./thread-metrics.ts";

export interface WorkerParts {
  readonly port: Pick<MessagePort, "postMessage" | "on">;
  readonly init: WorkerInit;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly openDataPlane: (options: DataPlaneOptions) => DataPlane;
}

export function runWorker(parts: WorkerParts): void {
  const metrics = new MetricsRegistry();
  const post = (message: FromWorker): void => parts.port.postMessage(message);
  const log = new LogCredit(metrics, (lines) => post({ type: "access-log", lines }));
  const emit = (message: FromWorker): void => {
    if (message.type === "access-log") log.write(message.lines);
    else post(message);
  };
  const refreshMetrics = openThreadMetrics(metrics, `worker-${parts.init.workerId}`);
  const store: Store = createStore({
    ownWaypoint: parts.init.ownWaypoint,
    keepsWorkload: (address) => identity.isTracked(address),
  });
  const identity = new IdentityTable({
    clock: parts.clock,
    emit,
    stateOf: (address) => store.current().workloads.get(address),
    onForgotten: (address) => store.forgetWorkload(address),
  });
  const dataPlane = parts.openDataPlane({
    ...parts.init,
    memory: openMemorySource(parts.init.share),
    descriptors: parts.init.share.descriptors,
    clock: parts.clock,
    rng: parts.rng,
    metrics,
    current: () => store.current(),
    identity,
    emit,
  });
  let listening = false;
  const follow = (): void => {
    if (listening) dataPlane.follow(store.current());
  };
  parts.port.on("message", (message: ToWorker) => {
    switch (message.type) {
      case "apply": {
        const { rejected } = store.apply(message.deltas);
        follow();
        settleIdentities(identity, message.deltas);
        return emit({ type: "applied", sequence: message.sequence, rejected });
      }
      case "hold":
        store.holdPlaces(new Set(message.places));
        return follow();
      case "listen":
        listening = true;
        return follow();
      case "leave":
        return dataPlane.leave();
      case "drain":
        return dataPlane.drain(message.deadlineMs);
      case "collect":
        refreshMetrics();
        return emit({ type: "metrics", sequence: message.sequence, families: metrics.collect() });
      case "dump":
        return emit({ type: "dumped", sequence: message.sequence, dump: dumpStore(store) });
      case "log-level":
        return dataPlane.setLogLevel(message.level);
      case "keys":
        return dataPlane.takeKeys(message.id, message.text);
      case "log-written":
        return log.written(message.length);
    }
  });
  emit({ type: "ready" });
}

function settleIdentities(identity: IdentityTable, deltas: readonly ResourceDelta[]): void {
  for (const delta of deltas) {
    if (delta.typeUrl !== typeUrls.workload) continue;
    for (const { name } of delta.upserts) identity.settle(name);
    for (const name of delta.removals) identity.settle(name);
  }
}

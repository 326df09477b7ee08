/**
 * A waypoint, put together in the order in which configuration flows: admin (so that probes get an answer from the start),
 * workers, the source of configuration. Used by `waystone waypoint` with a remote controller and by `waystone run` with one
 * in the same process; neither is known here.
 */
import { flushCompileCache } from "node:module";
import { networkInterfaces } from "node:os";
import { parseIp } from "@waystone/base/ip";
import { typeUrls } from "@waystone/api/names";
import { Readiness } from "@waystone/base/readiness";
import type { Clock } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import type { Logger, LogLevel } from "@waystone/base/logger";
import { mergeFamilies, MetricsRegistry } from "@waystone/base/metrics";
import type { DeltaClient } from "@waystone/xds/client/delta-client";
import type { ApplyDelta } from "@waystone/xds/resource";
import { adminRoutes } from "./admin/admin-routes.ts";
import { type AdminListen, openAdminServers } from "./admin/admin-server.ts";
import { openProcessMetrics } from "./admin/process-metrics.ts";
import { shareInFlight } from "./admin/share-in-flight.ts";
import { ClosedPorts } from "./control/closed-ports.ts";
import { ConfigurationSource } from "./control/configuration-source.ts";
import { WorkloadSubscriptions } from "./control/workload-subscriptions.ts";
import type { WaypointSettings } from "./settings.ts";
import { listenKey } from "./store/listen-key.ts";
import type { PortProblem } from "./worker/port-problem.ts";
import { openGuardedClient } from "./fetch/guarded-client.ts";
import { KeyKeeper } from "./fetch/key-keeper.ts";
import { type AccessLogSink, Supervisor } from "./worker/supervisor.ts";
import { acceptedMetric } from "./telemetry/connection-metrics.ts";
import { openThreadMetrics } from "./worker/thread-metrics.ts";

export interface WaypointOptions {
  /** "<namespace>/<gateway>/<instance>", or "*" with an instance. */
  readonly nodeId: string;
  readonly version: string;
  readonly settings: WaypointSettings;
  readonly workers: number;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Addresses and names of the control plane: nothing is fetched from them that a policy names. */
  readonly controlPlane: readonly string[];
  readonly logger: Logger;
  readonly accessLog: AccessLogSink;
  readonly admin: readonly AdminListen[];
  /** Connects the client to a controller until closed; may be called again. */
  readonly connect: (client: DeltaClient) => { close(): void };
  /** Where the last good configuration is kept; absent: nowhere. */
  readonly stateDir?: string;
  /** The status of the user's objects, for GET /status. */
  readonly statusProvider?: () => unknown;
  /** All ports that cannot be listened on, whenever that changes. */
  readonly onPortProblems?: (problems: readonly PortProblem[]) => void;
  /** Where an acknowledgement leads clients here: a Service one of whose ports cannot be opened is refused. */
  readonly refusesClosedPorts?: boolean;
  /** The module that the workers run, where it is not worker/worker-main.ts: for tests. */
  readonly workerEntry?: URL;
}

export interface Waypoint {
  /** The first complete snapshot is in use in all workers, and its ports are open or reported. */
  readonly ready: Promise<void>;
  readonly admin: readonly AdminListen[];
  readonly portProblems: readonly PortProblem[];
  /** "address:port" of what is listened on. */
  readonly listening: readonly string[];
  setLogLevel(level: LogLevel): void;
  /** Fails readiness and asks clients to connect anew, while everything is served on: until others know that it goes. */
  leave(): void;
  /** Client connections that were accepted so far. */
  countAccepted(): Promise<number>;
  /** Fails readiness, then lets what is under way finish. Resolves then, or at the deadline; close() is still to be called. */
  drain(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with one line for people where an admin port is taken or the workers cannot start. */
export async function createWaypoint(options: WaypointOptions): Promise<Waypoint> {
  const { clock, logger } = options;
  const metrics = new MetricsRegistry();
  const readiness = new Readiness();
  const snapshotArrived = readiness.block("waiting for the first complete snapshot from the controller");

  // 1. Metrics of the process and of the main thread.
  const refreshProcess = openProcessMetrics(metrics, clock, options.version);
  const refreshThread = openThreadMetrics(metrics, "main");
  let supervisor: Supervisor | undefined;
  const collect = shareInFlight(async () => {
    const workers = (await supervisor?.collect()) ?? [];
    refreshProcess();
    refreshThread();
    return mergeFamilies([metrics.collect(), workers]);
  });
  const dump = shareInFlight(async () => {
    const dumps = (await supervisor?.dump()) ?? new Map<number, unknown>();
    return {
      version: options.version,
      workers: [...dumps].map(([worker, dump]) => ({ worker, ...asObject(dump) })),
    };
  });
  const setLogLevel = (level: LogLevel): void => {
    logger.level = level;
    supervisor?.setLogLevel(level);
  };

  // 2. Admin servers: before all else, so that probes are answered, and no request may ever be sent to them.
  const adminServers = await openAdminServers({
    listen: options.admin,
    logger,
    routes: adminRoutes({
      waitingFor: () => [...readiness.waitingFor, ...(supervisor?.waitingFor ?? [])],
      metrics: collect,
      dump,
      status: options.statusProvider,
      logLevel: () => logger.level,
      setLogLevel,
    }),
  });
  const forbidden = adminServers.listening.flatMap(({ address, port }) => placesOf(address, port));

  // 3. Workers, which ask about addresses ...
  const workers = new Supervisor({
    workers: options.workers,
    ownWaypoint: ownWaypoint(options.nodeId),
    settings: {
      ...options.settings,
      forbiddenAddresses: [...options.settings.forbiddenAddresses, ...forbidden],
      // In a pod we are alone at its addresses; on a machine with loopback endpoints others may be there.
      forbiddenHosts: options.settings.allowLoopback ? options.settings.forbiddenHosts : ownAddresses(),
    },
    clock,
    logger,
    metrics,
    accessLog: options.accessLog,
    onSubscribe: (worker, address) => subscriptions.subscribe(worker, address),
    onForget: (worker, address) => subscriptions.forget(worker, address),
    onWantKeys: (worker, wanted) => keys.want(worker, wanted),
    onRefetchKeys: (worker, id) => keys.refetch(worker, id),
    onWorkerLost: (worker) => {
      subscriptions.workerLost(worker);
      keys.leave(worker);
    },
    onPortProblems: (problems) => {
      options.onPortProblems?.(problems);
      closedPorts?.changed(problems);
    },
    ...(options.workerEntry === undefined ? {} : { entry: options.workerEntry }),
  });
  supervisor = workers;
  const keys = new KeyKeeper({
    clock,
    rng: options.rng,
    logger,
    metrics,
    client: openGuardedClient({ clock, controlPlane: options.controlPlane }),
    tell: (worker, id, text) => workers.giveKeys(worker, id, text),
  });
  const subscriptions = new WorkloadSubscriptions({
    clock,
    logger,
    known: (address) => workers.held.workload(address),
    give: (worker, delta) => workers.give(worker, delta),
    onForgotten: (address) => workers.held.forgetWorkload(address),
    apply: (delta) => workers.apply(delta),
  });
  const apply: ApplyDelta = async (delta) => {
    const rejected = await workers.apply(delta);
    subscriptions.taken(delta);
    return rejected;
  };

  const closedPorts = options.refusesClosedPorts
    ? new ClosedPorts({
        apply,
        askAgain: (service) => source.askAgain(typeUrls.service, service),
      })
    : undefined;

  // 4. ... and run what the source of configuration brings. Ports open after the first complete snapshot.
  const ready = Promise.withResolvers<void>();
  const source = new ConfigurationSource({
    nodeId: options.nodeId,
    clock,
    logger,
    connect: options.connect,
    stateDir: options.stateDir,
    apply: closedPorts?.apply ?? apply,
    configuration: () => workers.held.configuration(),
    subscriptions,
    onComplete: () => {
      void workers.listen().then(() => {
        // What ends by a signal would not save it; the next start is twice as fast and 40 MB smaller for it.
        flushCompileCache();
        snapshotArrived();
        ready.resolve();
      });
    },
  });

  let isLeaving = false;
  const leave = (): void => {
    if (isLeaving) return;
    isLeaving = true;
    readiness.block("draining");
    workers.leave();
  };
  const close = async (): Promise<void> => {
    keys.close();
    await source.close();
    await workers.close();
    await adminServers.close();
  };
  try {
    await workers.start();
  } catch (error) {
    await close();
    throw error;
  }
  source.open();

  return {
    ready: ready.promise,
    admin: adminServers.listening,
    get portProblems() {
      return workers.ports.problems;
    },
    get listening() {
      return workers.ports.listening;
    },
    setLogLevel,
    leave,
    async countAccepted() {
      const families = await workers.collect();
      const samples = families.find(({ name }) => name === acceptedMetric)?.samples ?? [];
      return samples.reduce((sum, { value = 0 }) => sum + value, 0);
    },
    async drain(deadlineMs) {
      leave();
      await workers.drain(deadlineMs);
    },
    close,
  };
}

/** "<namespace>/<gateway>"; "" where every Gateway is ours. */
function ownWaypoint(nodeId: string): string {
  const [namespace = "", gateway = "", instance] = nodeId.split("/");
  return instance === undefined ? "" : `${namespace}/${gateway}`;
}

function asObject(dump: unknown): object {
  return typeof dump === "object" && dump !== null ? dump : { dump };
}

/** An admin server on every address is at each of this machine's: none of these may be reached through the proxy. */
function placesOf(address: string, port: number): string[] {
  if (address !== "0.0.0.0" && address !== "::") return [listenKey(address, port)];
  return [address, ...ownAddresses()].map((one) => listenKey(one, port));
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.map(({ address }) => parseIp(address) ?? address);
}

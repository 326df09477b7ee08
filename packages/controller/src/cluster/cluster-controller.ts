/**
 * The controller in a cluster: API server -> collections -> controller -> (elected) tasks of the leader. Every replica
 * follows everything, so that a standby can go on at once; only the leader writes and pushes.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import { controllerName, controllerObject } from "@waystone/api/names";
import type { CollectionGraph } from "@waystone/collection/collection";
import { openEventRecorder } from "@waystone/kube/events";
import { followLease } from "@waystone/kube/lease/follow-lease";
import type { ElectionTiming, LeaderElection } from "@waystone/kube/lease/leader-election";
import { openLeaderElection } from "@waystone/kube/lease/open-leader-election";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import type { Transport } from "@waystone/kube/transport/transport";
import { type Controller, createController } from "../app.ts";
import { awaitApiServer } from "./await-api-server.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { type ClusterSources, openClusterSources } from "./cluster-sources.ts";
import { LeaderDuty } from "./leader-duty.ts";
import { leaderTasks } from "./leader-tasks.ts";
import { type LeaderTransport, openLeaderTransport } from "./leader-transport.ts";

export interface ClusterControllerOptions {
  readonly transport: Transport;
  readonly graph: CollectionGraph;
  readonly settings: ClusterSettings;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

export interface ClusterController {
  /** What being ready waits for: the API server, kinds that are not complete. Empty: this replica could lead. */
  readonly waitingFor: readonly string[];
  /** Who leads, as far as this replica knows. */
  readonly leadership: { readonly isLeader: boolean; readonly holder: string | undefined };
  /** Undefined until all kinds were complete once. */
  readonly controller: Controller | undefined;
  /** Lets go of the lease when all that only the leader does has ended, then of the rest. */
  close(): Promise<void>;
}

/**
 * Shorter than Kubernetes' own: 12 s after the last renewal another leads, which is within 15 s of a crash with all that
 * opening its tasks takes. A leader that can't renew stops after 8 s, and has nothing under way after 11.
 */
const timing: ElectionTiming = { leaseMs: 12_000, renewDeadlineMs: 8_000, retryMs: 2_000 };
const writesEndMs = 3_000;

export function openClusterController(options: ClusterControllerOptions): ClusterController {
  const root = new ClusterRoot(options);
  root.start();
  return root;
}

class ClusterRoot implements ClusterController {
  readonly #options: ClusterControllerOptions;
  readonly #duty: LeaderDuty;
  readonly #closing = new AbortController();
  #started: Promise<void> = Promise.resolve();
  #cluster: ClusterSources | undefined;
  #controller: Controller | undefined;
  #election: LeaderElection | undefined;
  #lease: Reflector | undefined;
  #leaderTransport: LeaderTransport | undefined;

  constructor(options: ClusterControllerOptions) {
    this.#options = options;
    this.#duty = new LeaderDuty(options);
  }

  get waitingFor(): readonly string[] {
    if (this.#cluster === undefined) return ["the API server"];
    const kinds = this.#cluster.waitingFor.map((kind) => `all ${kind}`);
    return kinds.length === 0 && this.#controller === undefined ? ["the first translation"] : kinds;
  }

  get leadership(): ClusterController["leadership"] {
    return { isLeader: this.#election?.isLeader ?? false, holder: this.#election?.holder };
  }

  get controller(): Controller | undefined {
    return this.#controller;
  }

  start(): void {
    this.#started = this.#start();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#started;
    await this.#lease?.close();
    await this.#election?.close();
    this.#controller?.close();
    await this.#cluster?.close();
  }

  async #start(): Promise<void> {
    const { graph, clock, logger, settings } = this.#options;
    const { signal } = this.#closing;
    // 1. The API server, however long it takes.
    if (!(await awaitApiServer({ ...this.#options, signal }))) return;
    // 2. Everything that is followed, complete: half of it would mean something else.
    const cluster = openClusterSources({ ...this.#options, ownNamespace: settings.ownNamespace });
    this.#cluster = cluster;
    const startedAt = clock.now();
    if (!(await isSyncedBefore(cluster, signal))) return;
    // 3. What it means.
    const { sources } = cluster;
    const controller = createController({
      source: sources,
      graph,
      clock,
      logger,
      standalone: false,
      cluster: settings,
    });
    this.#controller = controller;
    const counts = { services: sources.services.size, pods: sources.pods.size };
    logger.info({ ...counts, ms: Math.round(clock.now() - startedAt) }, "synced: all objects are known");
    // 4. Who may act on it.
    this.#stand(cluster, controller);
  }

  #stand(cluster: ClusterSources, controller: Controller): void {
    const { transport, settings, clock, rng, logger, metrics } = this.#options;
    const leading = metrics.gauge("waystone_controller_leader", "1 while this replica is the leader");
    const lease = { transport, namespace: settings.ownNamespace, name: controllerObject, clock, rng, logger };
    const election = openLeaderElection({
      ...lease,
      // A container that restarted is someone else: what its predecessor sent may still be under way.
      identity: `${settings.podName}_${randomUUID().slice(0, 8)}`,
      timing,
      onElected: () => {
        leading.set(1);
        this.#lead(cluster, controller, election);
      },
      onLost: async () => {
        leading.set(0);
        this.#leaderTransport?.fence(writesEndMs);
        await this.#duty.end();
      },
    });
    this.#election = election;
    this.#lease = followLease(election, lease);
  }

  #lead(cluster: ClusterSources, controller: Controller, election: LeaderElection): void {
    const { settings, clock, rng, logger, metrics } = this.#options;
    const { deployments } = controller;
    if (deployments === undefined) return;
    const isLeader = (): boolean => election.isLeader;
    const transport = openLeaderTransport({ transport: this.#options.transport, isLeader, clock });
    this.#leaderTransport = transport;
    const recorder = { component: controllerName, instance: settings.podName };
    const events = openEventRecorder({ transport, ...recorder, clock, rng, logger });
    const parts = {
      transport,
      cluster,
      controller,
      deployments,
      settings,
      events,
      clock,
      rng,
      logger,
      metrics,
    };
    this.#duty.begin(leaderTasks(parts));
  }
}

/** False: closed before. */
async function isSyncedBefore(cluster: ClusterSources, signal: AbortSignal): Promise<boolean> {
  const aborted = Promise.withResolvers<false>();
  const abort = (): void => aborted.resolve(false);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const isSynced = await Promise.race([cluster.whenSynced().then(() => true), aborted.promise]);
  signal.removeEventListener("abort", abort);
  return isSynced;
}

/**
 * The controller, composed in the order in which a change of configuration runs through it. Where objects come from (files,
 * an API server) and where the server listens (in memory, gRPC) is the caller's choice.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import type { AckObserver, ResourceCatalog } from "@waystone/xds/resource";
import { createDeltaServer, type DeltaServer } from "@waystone/xds/server/delta-server";
import { buildCaptures, type Captures } from "./capture/build-captures.ts";
import type { ClusterSettings } from "./cluster/cluster-settings.ts";
import { withDeployments } from "./cluster/deployed-gateways.ts";
import { type PlannedDeployments, planDeployments } from "./cluster/planned-deployments.ts";
import { buildModel, type Model } from "./model/model.ts";
import type { Sources } from "./model/sources.ts";
import { buildCatalog } from "./push/catalog.ts";
import { type Acks, AckTracker } from "./status/ack-tracker.ts";
import { buildStatusReport } from "./status/build-report.ts";
import { buildFinalStatuses } from "./status/final-status.ts";
import { logFindings } from "./status/log-findings.ts";
import type { StatusReport } from "./status/report.ts";
import { type ResolvedPort, resolveRoutes } from "./status/resolved-routes.ts";
import { TransitionTimes } from "./status/transition-times.ts";
import type { ObjectStatus } from "./translate/object-status.ts";
import { translate } from "./translate/translate.ts";

export interface ControllerOptions {
  /** Collections of `graph`; the caller closes them. */
  readonly source: Sources;
  readonly graph: CollectionGraph;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Files instead of a cluster: see model/model.ts. */
  readonly standalone: boolean;
  /** Of a controller that runs in a cluster. */
  readonly cluster?: ClusterSettings;
}

export interface Controller {
  readonly model: Model;
  /** What is true of each object once waypoints have answered, by "<Kind>/<namespace>/<name>". */
  readonly statuses: Collection<ObjectStatus>;
  readonly acks: Acks;
  /** What is planned for each Service, and the memory of the leader who carries it out (capture/open-capture.ts). */
  readonly captures: Captures;
  /** In a cluster: the waypoints that there are to be, and what has become of them (deploy/open-deployer.ts). */
  readonly deployments: PlannedDeployments | undefined;
  readonly catalog: ResourceCatalog;
  readonly observer: AckObserver;
  readonly server: DeltaServer;
  status(): StatusReport;
  /** Per Service port, in order of precedence. */
  resolvedRoutes(): readonly ResolvedPort[];
  /** Ends all push streams. */
  close(): void;
}

export function createController({
  source,
  graph,
  clock,
  logger,
  standalone,
  cluster,
}: ControllerOptions): Controller {
  // 1. What the objects mean: Services with their waypoints and ports, endpoints, workloads.
  const model = buildModel(source, graph, { standalone });
  // 2. What is pushed for them, and what is said of them.
  const translated = translate(source, model, graph);
  // 3. Who gets what.
  const catalog = buildCatalog(graph, model, translated);
  // 4. What the waypoints answered, what is to be done about Services now, and so what is true in the end.
  const acks = new AckTracker(graph);
  const captures = buildCaptures(graph, { model, translated, acks });
  const deployments = cluster && planDeployments(graph, source, cluster);
  const witnesses = { acks, pods: model.cluster?.waypointPods.byWaypoint };
  const finished = buildFinalStatuses(graph, translated.statuses, witnesses, captures.plans);
  const statuses = deployments ? withDeployments(graph, finished, source, deployments) : finished;
  const times = new TransitionTimes(statuses, clock);
  const stopLogging = logFindings(statuses, source, logger);
  // 5. The wire.
  const server = createDeltaServer({ catalog, observer: acks, clock, logger });

  return {
    model,
    statuses,
    acks,
    captures,
    deployments,
    catalog,
    observer: acks,
    server,
    status: () => buildStatusReport({ sources: source, model, statuses, times, acks }),
    resolvedRoutes: () => resolveRoutes(model, translated.resources),
    close() {
      server.close("the controller shuts down");
      times.close();
      stopLogging();
    },
  };
}

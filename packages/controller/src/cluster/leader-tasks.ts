/**
 * All that only the leader does, in the order in which it begins: what waypoints are told, what pods they are, what goes
 * through them, and last what is said of it all. It ends in the other order.
 */
import { ports } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { EventRecorder } from "@waystone/kube/events";
import type { Transport } from "@waystone/kube/transport/transport";
import type { Controller } from "../app.ts";
import { openCapture } from "../capture/open-capture.ts";
import { openDeployer } from "../deploy/open-deployer.ts";
import { openSourceProbe } from "../probe/probe-source.ts";
import { openPush } from "../serve/open-push.ts";
import { awaitWaypoints } from "../status/await-waypoints.ts";
import { openStatusWriter } from "../status/write-statuses.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { ClusterSources } from "./cluster-sources.ts";
import { openGatewayClass } from "./gateway-class.ts";
import type { LeaderTask } from "./leader-duty.ts";
import type { PlannedDeployments } from "./planned-deployments.ts";

export interface LeaderParts {
  /** Writes only while this replica is the leader. */
  readonly transport: Transport;
  readonly cluster: ClusterSources;
  readonly controller: Controller;
  readonly deployments: PlannedDeployments;
  readonly settings: ClusterSettings;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

export function leaderTasks(parts: LeaderParts): readonly LeaderTask[] {
  const { cluster, controller, deployments, settings, events, ...surroundings } = parts;
  const { sources, gatewayApi, sourceProbe } = cluster;
  const { server, statuses, captures } = controller;
  const { gateways, gatewayClasses } = sources;
  const live = {
    Service: sources.services,
    HTTPRoute: sources.httpRoutes,
    GRPCRoute: sources.grpcRoutes,
    TLSRoute: sources.tlsRoutes,
    TCPRoute: sources.tcpRoutes,
    Gateway: gateways,
    BackendTLSPolicy: sources.backendTlsPolicies,
    XBackendTrafficPolicy: sources.backendTrafficPolicies,
  };
  const { ownNamespace: namespace, clusterDomain, pushAddress: address } = settings;
  const publishCa = (pem: string): void => deployments.caBundle.set({ pem });
  const { record } = events;
  const push = { ...surroundings, server, sources, namespace, clusterDomain, publishCa, address };
  const { podName: pod, podAddresses: addresses, probeHost: host } = settings;
  const probe = {
    ...surroundings,
    own: { pod, addresses },
    host,
    port: ports.sourceProbe,
    into: sourceProbe,
  };
  return [
    {
      name: "gateway class",
      open: () => openGatewayClass({ ...surroundings, gatewayClasses, gatewayApi, sourceProbe }),
    },
    { name: "source probe", open: () => openSourceProbe(probe) },
    { name: "push", open: () => openPush(push) },
    { name: "deployer", open: () => openDeployer({ ...surroundings, model: deployments.model, record }) },
    {
      name: "capture",
      open: () => openCapture({ ...surroundings, ...captures, gateways, recordEvent: record }),
    },
    {
      name: "statuses",
      open: () => {
        const settled = awaitWaypoints({ ...surroundings, pods: sources.pods, acks: controller.acks });
        return openStatusWriter({ ...surroundings, statuses, live, settled });
      },
    },
  ];
}

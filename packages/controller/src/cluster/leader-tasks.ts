/**
 * All that only the leader does, in the order in which it begins: what waypoints are told, what pods they are, what goes
 * through them, and last what is said of it all. It ends in the other order.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { EventRecorder } from "@waystone/kube/events";
import type { Transport } from "@waystone/kube/transport/transport";
import type { Controller } from "../app.ts";
import { openStatusWriter } from "../status/write-statuses.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { ClusterSources } from "./cluster-sources.ts";
import { openGatewayClass } from "./gateway-class.ts";
import type { LeaderTask } from "./leader-duty.ts";

export interface LeaderParts {
  /** Writes only while this replica is the leader. */
  readonly transport: Transport;
  readonly cluster: ClusterSources;
  readonly controller: Controller;
  readonly settings: ClusterSettings;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

export function leaderTasks(parts: LeaderParts): readonly LeaderTask[] {
  const { cluster, controller } = parts;
  const { sources, gatewayApi } = cluster;
  return [
    { name: "gateway class", open: () => openGatewayClass({ ...parts, ...sources, gatewayApi }) },
    {
      name: "statuses",
      open: () => openStatusWriter({ ...parts, statuses: controller.statuses, services: sources.services }),
    },
  ];
}

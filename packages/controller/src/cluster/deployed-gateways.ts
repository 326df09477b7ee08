/** What only a cluster has to say of a Gateway: where its waypoint is, and what is wrong with its deployment. */
import type { Gateway, GatewayListener } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import type { WaypointDeployment } from "../deploy/deploy-model.ts";
import type { GatewayParts, ListenerStatus, ObjectStatus } from "../translate/object-status.ts";
import type { PlannedDeployments } from "./planned-deployments.ts";

/** Applied last: a deployment that does not come up is why no waypoint is connected. */
export function withDeployments(
  graph: CollectionGraph,
  statuses: Collection<ObjectStatus>,
  sources: Sources,
  { model }: PlannedDeployments,
): Collection<ObjectStatus> {
  const routesByWaypoint = graph.index("accepted-routes-by-waypoint", statuses, acceptedBy);
  return graph.derive(
    statuses,
    (context, status) => {
      if (status.kind !== "Gateway" || status.waypoint === undefined) return status;
      const deployment = context.get(model.deployments, status.waypoint);
      const gateway = context.get(sources.gateways, status.waypoint);
      if (deployment === undefined || gateway === undefined) return status;
      const parts = gatewayParts(context, routesByWaypoint, gateway, deployment);
      return { ...status, conditions: withProblem(status, deployment), gateway: parts };
    },
    { name: "statuses-with-deployments", key: ({ key }) => key },
  );
}

function acceptedBy({ parents }: ObjectStatus): readonly string[] {
  const waypoints = parents.flatMap(({ waypoint, conditions }) => {
    const isAccepted = conditions.some(({ type, status }) => type === "Accepted" && status === "True");
    return waypoint === undefined || !isAccepted ? [] : [waypoint];
  });
  return [...new Set(waypoints)];
}

function withProblem(
  { conditions, generation }: ObjectStatus,
  deployment: WaypointDeployment,
): DraftCondition[] {
  const { problem } = deployment;
  if (problem === undefined) return [...conditions];
  const isOwnersMistake = problem.reason === "InvalidParameters" || problem.reason === "InvalidName";
  // GatewayConditionReason: InvalidParameters is of Accepted; the rest has no name there.
  const acceptedReason = problem.reason === "InvalidParameters" ? "InvalidParameters" : "Invalid";
  return conditions.map((condition) => {
    if (condition.type === "Accepted" && isOwnersMistake)
      return draftCondition("Accepted", "False", acceptedReason, problem.message, generation);
    if (condition.type === "Programmed" && condition.status !== "True")
      return draftCondition("Programmed", "False", "Invalid", problem.message, generation);
    return condition;
  });
}

function gatewayParts(
  context: FetchContext,
  routesByWaypoint: Index<ObjectStatus>,
  { key, object }: SourcedObject<Gateway>,
  deployment: WaypointDeployment,
): GatewayParts {
  const attachedRoutes = context.lookup(routesByWaypoint, key).length;
  const generation = object.metadata.generation ?? 0;
  return {
    addresses: addressesOf(deployment),
    listeners: (object.spec.listeners ?? []).map((listener) =>
      listenerStatus(listener, attachedRoutes, generation),
    ),
  };
}

/** Of the Service beside the pods; none while there is none. */
function addressesOf({ hostname, clusterIPs }: WaypointDeployment): GatewayParts["addresses"] {
  const ips = clusterIPs.filter((address) => address !== "None");
  if (clusterIPs.length === 0) return [];
  return [
    ...ips.map((value) => ({ type: "IPAddress" as const, value })),
    { type: "Hostname" as const, value: hostname },
  ];
}

/** A waypoint's routes are attached to the Services behind it: each of its listeners stands for all of them. */
function listenerStatus(
  listener: GatewayListener,
  attachedRoutes: number,
  generation: number,
): ListenerStatus {
  const said = (type: string, reason: string, message: string): DraftCondition =>
    draftCondition(type, "True", reason, message, generation);
  return {
    name: listener.name,
    supportedKinds: ["GRPCRoute", "HTTPRoute"].map((kind) => ({ group: gatewayGroup, kind })),
    attachedRoutes,
    conditions: [
      said("Accepted", "Accepted", "it says which namespaces may use the waypoint"),
      said("ResolvedRefs", "ResolvedRefs", "it refers to nothing"),
      said("Programmed", "Programmed", "nothing listens on its port: a waypoint is reached through Services"),
    ],
  };
}

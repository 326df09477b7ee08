/** What only a cluster has to say of a Gateway: where its waypoint is, and what is wrong with its deployment. */
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { Sources } from "../model/sources.ts";
import type { WaypointDeployment } from "../deploy/deploy-model.ts";
import type { GatewayParts, ObjectStatus } from "../translate/object-status.ts";
import { listenerStatuses } from "./listener-statuses.ts";
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
      const conditions = withProblem(status, deployment);
      const programmed = conditions.find(({ type }) => type === "Programmed");
      const parts: GatewayParts = {
        addresses: addressesOf(deployment),
        listeners: listenerStatuses(gateway.object, {
          attachedRoutes: context.lookup(routesByWaypoint, gateway.key).length,
          programmed,
        }),
      };
      return { ...status, conditions, gateway: parts };
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

/** Of the Service beside the pods; none while there is none. */
function addressesOf({ hostname, clusterIPs }: WaypointDeployment): GatewayParts["addresses"] {
  const ips = clusterIPs.filter((address) => address !== "None");
  if (clusterIPs.length === 0) return [];
  return [
    ...ips.map((value) => ({ type: "IPAddress" as const, value })),
    { type: "Hostname" as const, value: hostname },
  ];
}

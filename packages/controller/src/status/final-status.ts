/**
 * What is said of an object in the end: what translation found, and what became of it in the waypoints. A status is a
 * collection like any other: an ACK moves exactly the objects that it is about.
 */
import { typeUrls } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { ObjectStatus, ParentStatus } from "../translate/object-status.ts";
import type { Acks } from "./ack-tracker.ts";
import { concernedWaypoints, measureProgress, programmedCondition } from "./programmed.ts";

export const serviceProgrammed = "waystone.dev/Programmed";

export function buildFinalStatuses(
  graph: CollectionGraph,
  statuses: Collection<ObjectStatus>,
  acks: Acks,
): Collection<ObjectStatus> {
  const servicesByWaypoint = graph.index("service-statuses-by-waypoint", statuses, ({ kind, waypoint }) =>
    kind === "Service" && waypoint !== undefined ? [waypoint] : [],
  );
  return graph.derive(
    statuses,
    (context, status) => {
      switch (status.kind) {
        case "Service":
          return finishService(context, acks, status);
        case "Gateway":
          return finishGateway(context, acks, servicesByWaypoint, status);
        default:
          return {
            ...status,
            parents: status.parents.map((parent) => finishParent(context, acks, status, parent)),
          };
      }
    },
    { name: "final-statuses", key: (status) => status.key },
  );
}

function finishService(context: FetchContext, acks: Acks, status: ObjectStatus): ObjectStatus {
  if (status.waypoint === undefined || status.resource === undefined) return status;
  const progress = measureProgress(context, acks, status.resource, status.waypoint);
  return add(status, programmedCondition(serviceProgrammed, progress, status.generation));
}

function finishParent(
  context: FetchContext,
  acks: Acks,
  status: ObjectStatus,
  parent: ParentStatus,
): ParentStatus {
  const accepted = parent.conditions.find(({ type }) => type === "Accepted");
  if (parent.waypoint === undefined || status.resource === undefined || accepted?.status !== "True") {
    const message = "not accepted, so no waypoint serves it as written";
    const programmed = draftCondition("Programmed", "False", "Invalid", message, status.generation);
    return { ...parent, conditions: [...parent.conditions, programmed] };
  }
  const progress = measureProgress(context, acks, status.resource, parent.waypoint);
  const programmed = programmedCondition("Programmed", progress, status.generation);
  return { ...parent, conditions: [...parent.conditions, programmed] };
}

/** A Gateway is programmed when its waypoints run all of its Services. */
function finishGateway(
  context: FetchContext,
  acks: Acks,
  servicesByWaypoint: Index<ObjectStatus>,
  status: ObjectStatus,
): ObjectStatus {
  if (status.waypoint === undefined) return status;
  const { waypoint, generation } = status;
  const connected = concernedWaypoints(context, acks, waypoint).length;
  if (connected === 0) {
    return add(
      status,
      draftCondition("Programmed", "Unknown", "Pending", "no waypoint is connected", generation),
    );
  }
  const services = context.lookup(servicesByWaypoint, waypoint);
  const pending = services.filter(({ resource }) => {
    if (resource?.typeUrl !== typeUrls.service) return false;
    return measureProgress(context, acks, resource, waypoint).running < connected;
  });
  const count = `${services.length - pending.length}/${services.length} Services run by ${connected} waypoints`;
  if (pending.length > 0)
    return add(status, draftCondition("Programmed", "False", "Pending", count, generation));
  return add(status, draftCondition("Programmed", "True", "Programmed", count, generation));
}

function add(status: ObjectStatus, condition: DraftCondition): ObjectStatus {
  return { ...status, conditions: [...status.conditions, condition] };
}

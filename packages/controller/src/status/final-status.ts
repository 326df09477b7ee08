/**
 * What is said of an object in the end: what translation found, and what became of it in the waypoints. A status is a
 * collection like any other: an ACK moves exactly the objects that it is about.
 */
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { PlannedCapture } from "../capture/capture-plans.ts";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";
import type { AncestorStatus, ObjectStatus, ParentStatus } from "../translate/object-status.ts";
import {
  concernedWaypoints,
  measureProgress,
  type Progress,
  programmedCondition,
  refusalText,
  type Witnesses,
} from "./programmed.ts";

export const serviceProgrammed = "waystone.dev/Programmed";

export function buildFinalStatuses(
  graph: CollectionGraph,
  statuses: Collection<ObjectStatus>,
  witnesses: Witnesses,
  captures?: Collection<PlannedCapture>,
): Collection<ObjectStatus> {
  const servicesByWaypoint = graph.index("service-statuses-by-waypoint", statuses, ({ kind, waypoint }) =>
    kind === "Service" && waypoint !== undefined ? [waypoint] : [],
  );
  return graph.derive(
    statuses,
    (context, status) => {
      switch (status.kind) {
        case "Service":
          return finishService(context, witnesses, withCapture(context, captures, status));
        case "Gateway":
          return finishGateway(context, witnesses, servicesByWaypoint, status);
        case "BackendTLSPolicy":
        case "XBackendTrafficPolicy":
          return finishPolicy(context, witnesses, status);
        case "AuthenticationPolicy":
        case "AuthorizationPolicy":
          return finishOwnPolicy(context, witnesses, status);
        default:
          return finishRoute(context, witnesses, status);
      }
    },
    { name: "final-statuses", key: (status) => status.key },
  );
}

/** In a cluster: how far its capture is. */
function withCapture(
  context: FetchContext,
  captures: Collection<PlannedCapture> | undefined,
  status: ObjectStatus,
): ObjectStatus {
  if (captures === undefined) return status;
  const condition = context.get(captures, `${status.namespace}/${status.name}`)?.plan.condition;
  return condition === undefined ? status : add(status, condition);
}

function finishService(context: FetchContext, witnesses: Witnesses, status: ObjectStatus): ObjectStatus {
  if (status.waypoint === undefined || status.resources.length === 0) return status;
  const progress = measureProgress(context, witnesses, status.resources, status.waypoint);
  const finished = add(status, programmedCondition(serviceProgrammed, progress, status.generation));
  return { ...finished, findings: [...status.findings, ...refusalFindings(progress)] };
}

function finishRoute(context: FetchContext, witnesses: Witnesses, status: ObjectStatus): ObjectStatus {
  const refusals = new Map<string, Finding>();
  const parents = status.parents.map((parent): ParentStatus => {
    const progress = progressOf(context, witnesses, status, parent);
    for (const finding of refusalFindings(progress)) refusals.set(finding.message, finding);
    const programmed =
      progress === undefined
        ? draftCondition("Programmed", "False", "Invalid", notAccepted, status.generation)
        : programmedCondition("Programmed", progress, status.generation);
    return { ...parent, conditions: [...parent.conditions, programmed] };
  });
  return { ...status, parents, findings: [...status.findings, ...refusals.values()] };
}

/** Of a policy about backends: every waypoint that sends requests to the target has to carry it out. */
function finishPolicy(context: FetchContext, witnesses: Witnesses, status: ObjectStatus): ObjectStatus {
  const refusals = new Map<string, Finding>();
  const ancestors = (status.ancestors ?? []).map((ancestor): AncestorStatus => {
    if (status.resources.length === 0 || ancestor.waypoints.length === 0) return ancestor;
    const progress = measureProgress(context, witnesses, status.resources, ...ancestor.waypoints);
    for (const finding of refusalFindings(progress)) refusals.set(finding.message, finding);
    const programmed = programmedCondition("Programmed", progress, status.generation);
    return { ...ancestor, conditions: [...ancestor.conditions, programmed] };
  });
  return { ...status, ancestors, findings: [...status.findings, ...refusals.values()] };
}

/** Of a kind of ours, which also says what became of it as a whole: over the waypoints of all its targets. */
function finishOwnPolicy(context: FetchContext, witnesses: Witnesses, status: ObjectStatus): ObjectStatus {
  const finished = finishPolicy(context, witnesses, status);
  const waypoints = [...new Set((status.ancestors ?? []).flatMap((ancestor) => ancestor.waypoints))];
  if (status.resources.length === 0) return finished;
  if (waypoints.length === 0) {
    const message = "no waypoint serves what it is about";
    return add(finished, draftCondition("Programmed", "Unknown", "Pending", message, status.generation));
  }
  const progress = measureProgress(context, witnesses, status.resources, ...waypoints);
  return add(finished, programmedCondition("Programmed", progress, status.generation));
}

const notAccepted = "not accepted, so no waypoint serves it as written";

/** undefined: the route is not accepted by this parent. */
function progressOf(
  context: FetchContext,
  witnesses: Witnesses,
  { resources }: ObjectStatus,
  { waypoint, conditions }: ParentStatus,
): Progress | undefined {
  const accepted = conditions.find(({ type }) => type === "Accepted");
  if (waypoint === undefined || resources.length === 0 || accepted?.status !== "True") return undefined;
  return measureProgress(context, witnesses, resources, waypoint);
}

function refusalFindings(progress: Progress | undefined): Finding[] {
  if (progress === undefined || progress.refusals.length === 0) return [];
  return [{ severity: "error", field: "", message: refusalText(progress) }];
}

/** A Gateway is programmed when its waypoints run all of its Services, and have the certificate that it names, where there is one to be had (ResolvedRefs). */
function finishGateway(
  context: FetchContext,
  witnesses: Witnesses,
  servicesByWaypoint: Index<ObjectStatus>,
  status: ObjectStatus,
): ObjectStatus {
  if (status.waypoint === undefined) return status;
  // Translation knows already that it cannot be.
  if (status.conditions.some(({ type }) => type === "Programmed")) return status;
  const { waypoint, generation } = status;
  const { connected, nodes } = concernedWaypoints(context, witnesses, waypoint);
  if (connected === 0) {
    return add(
      status,
      draftCondition("Programmed", "Unknown", "Pending", "no waypoint is connected", generation),
    );
  }
  const certificate = measureProgress(context, witnesses, status.resources, waypoint);
  if (certificate.refusals.length > 0 || certificate.running < nodes.length) {
    const programmed = programmedCondition("Programmed", certificate, generation);
    const message = `client certificate: ${programmed.message}`;
    const finished = add(status, { ...programmed, message });
    return { ...finished, findings: [...status.findings, ...refusalFindings(certificate)] };
  }
  const services = context.lookup(servicesByWaypoint, waypoint);
  const pending = services.filter(
    ({ resources }) =>
      resources.length > 0 && measureProgress(context, witnesses, resources, waypoint).running < nodes.length,
  );
  const count = `${services.length - pending.length}/${services.length} Services run by ${nodes.length} waypoints`;
  if (pending.length > 0)
    return add(status, draftCondition("Programmed", "False", "Pending", count, generation));
  return add(status, draftCondition("Programmed", "True", "Programmed", count, generation));
}

function add(status: ObjectStatus, condition: DraftCondition): ObjectStatus {
  return { ...status, conditions: [...status.conditions, condition] };
}

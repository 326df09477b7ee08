/** Builds the status report on demand from the collections; nothing is kept for it. */
import { Protocol } from "@waystone/api/resources";
import type { Collection } from "@waystone/collection/collection";
import type { Model } from "../model/model.ts";
import { isRouteKind, routeKinds } from "../model/route-attachment.ts";
import type { ServiceModel } from "../model/service.ts";
import type { PortModel } from "../model/service-port.ts";
import type { SliceModel } from "../model/slice.ts";
import { describeProblem, type Sources } from "../model/sources.ts";
import type { ObjectStatus } from "../translate/object-status.ts";
import type { Acks } from "./ack-tracker.ts";
import { countEndpoints } from "./endpoint-count.ts";
import { placeFinding } from "./place-finding.ts";
import type {
  FindingReport,
  GatewayReport,
  ObjectReport,
  PolicyReport,
  PortReport,
  RouteReport,
  ServiceReport,
  StatusReport,
  WaypointReport,
} from "./report.ts";
import type { TransitionTimes } from "./transition-times.ts";

export interface ReportInputs {
  readonly sources: Sources;
  readonly model: Model;
  readonly statuses: Collection<ObjectStatus>;
  readonly times: TransitionTimes;
  readonly acks: Acks;
}

export function buildStatusReport(inputs: ReportInputs): StatusReport {
  const statuses = inputs.statuses.list().toSorted((a, b) => compare(a.key, b.key));
  const listed: ReadonlySet<string> = new Set(["Service", "Gateway", ...routeKinds]);
  const routesByService = countRoutes(statuses);
  return {
    services: statuses.flatMap((status) => reportService(inputs, status, routesByService) ?? []),
    routes: statuses.filter(({ kind }) => isRouteKind(kind)).map((status) => reportRoute(inputs, status)),
    gateways: reportGateways(inputs, statuses),
    policies: statuses.filter(isPolicy).map((status) => reportPolicy(inputs, status)),
    others: statuses
      .filter(
        (status) =>
          !listed.has(status.kind) &&
          !isPolicy(status) &&
          status.findings.length + status.conditions.length > 0,
      )
      .map((status) => reportObject(inputs, status)),
    problems: reportProblems(inputs.sources),
    waypoints: inputs.acks.waypoints
      .list()
      .map(({ id, scope }): WaypointReport => ({ id, scope, connected: true }))
      .toSorted((a, b) => compare(a.id, b.id)),
  };
}

/** Nothing else has ancestors. */
function isPolicy({ ancestors }: ObjectStatus): boolean {
  return ancestors !== undefined;
}

function reportPolicy(inputs: ReportInputs, status: ObjectStatus): PolicyReport {
  return { ...reportObject(inputs, status), mode: status.mode ?? null };
}

function reportObject({ times, sources }: ReportInputs, status: ObjectStatus): ObjectReport {
  const { kind, namespace, name, generation, refusedVersion } = status;
  const findings = status.findings.map((finding) => ({
    severity: finding.severity,
    message: finding.message,
    text: placeFinding(status, finding, sources),
  }));
  const conditions = times.stamp(status);
  const ancestors = status.ancestors?.map((ancestor) => ({
    ancestorRef: ancestor.ancestorRef,
    conditions: times.stampAncestor(status, ancestor),
  }));
  return {
    kind,
    namespace,
    name,
    generation,
    conditions,
    ...(ancestors === undefined ? {} : { ancestors }),
    findings,
    refusedVersion: refusedVersion ?? null,
  };
}

function reportProblems({ problems }: Sources): FindingReport[] {
  return (problems?.list() ?? [])
    .map((problem) => ({
      severity: problem.severity ?? "error",
      message: problem.message,
      text: describeProblem(problem),
    }))
    .toSorted((a, b) => compare(a.text, b.text));
}

function reportService(
  inputs: ReportInputs,
  status: ObjectStatus,
  routesByService: ReadonlyMap<string, number>,
): ServiceReport | undefined {
  const service =
    status.kind === "Service" ? inputs.model.services.get(`${status.namespace}/${status.name}`) : undefined;
  if (service === undefined) return undefined;
  const object = reportObject(inputs, status);
  const slices = inputs.model.slicesByService.lookup(service.key);
  const endpoints = countEndpoints(slices);
  return {
    ...object,
    waypoint: service.waypoint ?? null,
    addresses: service.addresses,
    ports: service.ports.map((port) => ({
      ...reportPort(port),
      endpoints: countEndpoints(slices, port.name),
    })),
    endpoints,
    routes: routesByService.get(service.key) ?? 0,
    problems: serviceProblems(service, status, slices),
  };
}

function reportPort({
  name,
  port,
  protocol,
  protocolReason,
  listen,
}: PortModel): Omit<PortReport, "endpoints"> {
  return {
    name,
    port,
    protocol: Protocol[protocol] ?? "",
    protocolReason,
    listen: listen.map(({ address, port: number }) => `${address}:${number}`),
  };
}

/** In the words of a table's cell: without the place and the object, which the row has. */
function serviceProblems(
  service: ServiceModel,
  status: ObjectStatus,
  slices: readonly SliceModel[],
): string[] {
  const problems = status.findings.map(({ message }) => message);
  if (status.refusedVersion !== undefined) problems.push(status.refusedVersion);
  const { ready, total } = countEndpoints(slices);
  if (service.waypoint !== undefined && ready === 0)
    problems.push(total === 0 ? "no endpoints" : "no endpoint is ready");
  const portless = slices.filter(({ ports }) => ports.length === 0).flatMap(namesOf).length;
  if (service.ports.length > 0 && portless > 0) {
    problems.push(`${portless} pods have none of its target ports: name the ports of their containers so`);
  }
  return problems;
}

function namesOf({ endpoints }: SliceModel): readonly string[] {
  return endpoints.map(({ address }) => address);
}

function reportRoute(inputs: ReportInputs, status: ObjectStatus): RouteReport {
  return {
    ...reportObject(inputs, status),
    parents: status.parents.map((parent) => ({
      parentRef: parent.parentRef,
      controllerName: parent.controllerName,
      waypoint: parent.waypoint ?? null,
      conditions: inputs.times.stampParent(status, parent),
    })),
  };
}

function reportGateways(inputs: ReportInputs, statuses: readonly ObjectStatus[]): GatewayReport[] {
  const services = new Map<string, number>();
  const implied = new Set<string>();
  for (const { waypoint, waypointImplied } of inputs.model.services.list()) {
    if (waypoint === undefined) continue;
    services.set(waypoint, (services.get(waypoint) ?? 0) + 1);
    if (waypointImplied) implied.add(waypoint);
  }
  const counts = (key: string): { services: number; waypoints: number } => ({
    services: services.get(key) ?? 0,
    waypoints: inputs.acks.waypoints.list().filter(({ scope }) => scope === key || scope === "*").length,
  });
  const given = statuses
    .filter(({ kind }) => kind === "Gateway")
    .map((status) => ({
      ...reportObject(inputs, status),
      implied: false,
      ...counts(`${status.namespace}/${status.name}`),
    }));
  const made = [...implied].map((key) => {
    const [namespace = "", name = ""] = key.split("/");
    return {
      kind: "Gateway",
      namespace,
      name,
      generation: 0,
      conditions: [],
      findings: [],
      refusedVersion: null,
      implied: true,
      ...counts(key),
    };
  });
  return [...given, ...made].toSorted((a, b) =>
    compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`),
  );
}

function countRoutes(statuses: readonly ObjectStatus[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const status of statuses) {
    const attached = status.parents
      .filter(({ waypoint }) => waypoint !== undefined)
      .map(({ parentRef }) => `${parentRef.namespace ?? status.namespace}/${parentRef.name}`);
    for (const service of new Set(attached)) counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return counts;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

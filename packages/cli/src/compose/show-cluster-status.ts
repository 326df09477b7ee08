/** `waystone status` against a cluster: what the conditions of Services and routes say, in the manner of `kubectl get`. */
import type { Service } from "@waystone/api/kubernetes/core";
import type { RouteParentStatus } from "@waystone/api/kubernetes/gateway";
import type { Condition, KubernetesObject } from "@waystone/api/kubernetes/meta";
import { captureKeys, controllerName } from "@waystone/api/names";
import { renderTable } from "@waystone/base/table";
import { countOf, renderPolicyTable } from "@waystone/controller/status/policy-table";
import { listObjects } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { kinds } from "../cluster/kinds.ts";
import { listPolicyRows } from "../cluster/list-policy-rows.ts";
import { listWhereDefined } from "../cluster/list-where-defined.ts";
import { withCluster } from "../cluster/connect-cluster.ts";
import type { StatusOptions, StatusSubject } from "../commands/status.ts";
import { renderYaml } from "../output/render-yaml.ts";

export interface ServiceRow {
  readonly namespace: string;
  readonly name: string;
  /** "<namespace>/<gateway>"; null: not known (yet). */
  readonly waypoint: string | null;
  /** Requested, ShadowReady, WaypointReady, Captured, Releasing; or why it is not captured. */
  readonly phase: string;
  /** "2/2": waypoints that run what the Service is now, of those that should. */
  readonly inSync: string | null;
  /** What is not as it should be; empty: nothing. */
  readonly message: string;
}

/** What all kinds of routes have. */
interface AnyRoute extends KubernetesObject {
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

export interface RouteRow {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly parent: string;
  readonly accepted: string;
  readonly resolved: string;
  readonly programmed: string;
  readonly inSync: string | null;
  readonly message: string;
}

export async function showClusterStatus(what: StatusSubject, options: StatusOptions): Promise<string> {
  return await withCluster(options, async ({ transport, namespace }) => {
    const scope = options.allNamespaces === true ? {} : { namespace };
    const where = options.allNamespaces === true ? "in any namespace" : `in namespace ${namespace}`;
    if (what === "routes") {
      const lists = await Promise.all([
        listWhereDefined<AnyRoute>(transport, kinds.grpcRoute, scope),
        listObjects<AnyRoute>(transport, kinds.httpRoute, scope),
        listWhereDefined<AnyRoute>(transport, kinds.tlsRoute, scope),
        listWhereDefined<AnyRoute>(transport, kinds.tcpRoute, scope),
      ]);
      const [grpcRoutes, httpRoutes, tlsRoutes, tcpRoutes] = lists;
      const rows = [
        ...grpcRoutes.flatMap((route) => routeRows("GRPCRoute", route)),
        ...httpRoutes.flatMap((route) => routeRows("HTTPRoute", route)),
        ...tlsRoutes.flatMap((route) => routeRows("TLSRoute", route)),
        ...tcpRoutes.flatMap((route) => routeRows("TCPRoute", route)),
      ];
      return render(options, rows, routeTable, `no route is attached to a Service with a waypoint ${where}`);
    }
    if (what === "policies") {
      const rows = await listPolicyRows(transport, scope);
      return render(options, rows, renderPolicyTable, `there is no policy ${where}`);
    }
    const rows = await serviceRows(transport, scope);
    const hint = `no Service has a waypoint ${where}: annotate a Namespace with waystone.dev/use-waypoint=waypoint`;
    const more = options.allNamespaces === true ? "" : ", or look with -A";
    return render(options, rows, serviceTable, hint + more);
  });
}

function render<T>(
  { output }: StatusOptions,
  rows: readonly T[],
  table: (rows: readonly T[]) => string,
  none: string,
): string {
  if (output === "json") return `${JSON.stringify(rows, null, 2)}\n`;
  if (output === "yaml") return renderYaml(rows);
  return rows.length === 0 ? `${none}\n` : table(rows);
}

async function serviceRows(
  transport: Transport,
  scope: { readonly namespace?: string },
): Promise<readonly ServiceRow[]> {
  const services = await listObjects<Service>(transport, kinds.service, scope);
  const waypoints = new Map<string, string>();
  for (const { metadata } of services) {
    const front = metadata.labels?.[captureKeys.shadowOf];
    const waypoint = metadata.annotations?.[captureKeys.waypoint];
    if (front !== undefined && waypoint !== undefined)
      waypoints.set(`${metadata.namespace}/${front}`, waypoint);
  }
  return services.flatMap((service) => serviceRow(service, waypoints));
}

function serviceRow({ metadata, status }: Service, waypoints: ReadonlyMap<string, string>): ServiceRow[] {
  const find = (type: string): Condition | undefined =>
    status?.conditions?.find((condition) => condition.type === type);
  const bound = find("waystone.dev/WaypointBound");
  const namespace = metadata.namespace ?? "";
  const waypoint =
    waypoints.get(`${namespace}/${metadata.name}`) ?? metadata.annotations?.[captureKeys.capturedBy];
  if (bound === undefined && waypoint === undefined) return [];
  const programmed = find("waystone.dev/Programmed");
  const isCaptured = bound?.status === "True";
  const trouble = [bound, isCaptured ? programmed : undefined].find(
    (condition) => condition !== undefined && condition.status !== "True",
  );
  return [
    {
      namespace,
      name: metadata.name,
      waypoint: waypoint ?? null,
      phase: isCaptured ? "Captured" : (bound?.reason ?? "Unknown"),
      inSync: countOf(programmed),
      message: trouble?.message ?? "",
    },
  ];
}

function serviceTable(rows: readonly ServiceRow[]): string {
  const header = ["NAMESPACE", "NAME", "WAYPOINT", "PHASE", "IN SYNC", "MESSAGE"];
  return renderTable(
    header,
    rows.map(({ namespace, name, waypoint, phase, inSync, message }) => [
      namespace,
      name,
      waypoint ?? "-",
      phase,
      inSync ?? "-",
      message || "-",
    ]),
  );
}

function routeRows(kind: string, { metadata, status }: AnyRoute): RouteRow[] {
  const ours = (status?.parents ?? []).filter((parent) => parent.controllerName === controllerName);
  return ours.map(({ parentRef, conditions }) => {
    const find = (type: string): Condition | undefined =>
      conditions.find((condition) => condition.type === type);
    const port = parentRef.port ?? parentRef.sectionName;
    const place =
      parentRef.namespace === undefined ? parentRef.name : `${parentRef.namespace}/${parentRef.name}`;
    const trouble = conditions.find((condition) => condition.status !== "True" && condition.message !== "");
    return {
      kind,
      namespace: metadata.namespace ?? "",
      name: metadata.name,
      parent: `${parentRef.kind ?? "Gateway"}/${place}${port === undefined ? "" : `:${port}`}`,
      accepted: show(find("Accepted")),
      resolved: show(find("ResolvedRefs")),
      programmed: show(find("Programmed")),
      inSync: countOf(find("Programmed")),
      message: trouble?.message ?? "",
    };
  });
}

function show(condition: Condition | undefined): string {
  if (condition === undefined) return "-";
  return condition.status === "True" ? "True" : `${condition.status} (${condition.reason})`;
}

function routeTable(rows: readonly RouteRow[]): string {
  const header = [
    "NAMESPACE",
    "KIND",
    "NAME",
    "PARENT",
    "ACCEPTED",
    "RESOLVED",
    "PROGRAMMED",
    "IN SYNC",
    "MESSAGE",
  ];
  return renderTable(
    header,
    rows.map((row) => [
      row.namespace,
      row.kind,
      row.name,
      row.parent,
      row.accepted,
      row.resolved,
      row.programmed,
      row.inSync ?? "-",
      row.message || "-",
    ]),
  );
}

/**
 * Which Services have a waypoint: `waystone.dev/use-waypoint` on the Service or its Namespace, as an annotation or a label.
 * The Service beats the Namespace, an annotation beats a label, "none" opts out. A Gateway that nobody declared is implied
 * (Waystone creates it), but only in the Service's own namespace: another namespace must say itself whom it lets in.
 */
import type { Namespace, Service } from "@waystone/api/kubernetes/core";
import type { ObjectMeta } from "@waystone/api/kubernetes/meta";
import { useWaypointKey, useWaypointNamespaceKey, waypointClassName } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "./draft-condition.ts";
import type { Sources } from "./sources.ts";
import { allowsNamespace, isWaypoint } from "./waypoint-gateway.ts";

export interface Enrolment {
  /** The Service, "<namespace>/<name>". */
  readonly key: string;
  /** The waypoint that serves it, "<namespace>/<gateway>"; undefined: none. */
  readonly waypoint: string | undefined;
  /** No Gateway of that name was given. */
  readonly implied: boolean;
  /** WaypointBound; undefined where nobody asked for a waypoint. */
  readonly condition: DraftCondition | undefined;
}

export const waypointBound = "waystone.dev/WaypointBound";

export function buildEnrolments(graph: CollectionGraph, sources: Sources): Collection<Enrolment> {
  return graph.derive(sources.services, (context, { key, object }) => enrol(context, sources, key, object), {
    name: "enrolments",
    key: (enrolment) => enrolment.key,
  });
}

function enrol(context: FetchContext, sources: Sources, key: string, service: Service): Enrolment {
  const namespace = context.get(sources.namespaces, service.metadata.namespace ?? "")?.object;
  const wish = findWish(service, namespace);
  if (wish === undefined) return { key, waypoint: undefined, implied: false, condition: undefined };

  const verdict = judgeTraffic(service) ?? judgeGateway(context, sources, service, namespace, wish);
  return {
    key,
    waypoint: verdict.bound ? wish.waypoint : undefined,
    implied: verdict.bound && verdict.implied,
    condition: draftCondition(
      waypointBound,
      verdict.bound ? "True" : "False",
      verdict.bound ? "WaypointAccepted" : verdict.reason,
      verdict.message,
      service.metadata.generation ?? 0,
    ),
  };
}

interface Wish {
  /** "<namespace>/<gateway>" */
  readonly waypoint: string;
  /** Who asks: "the annotation of Namespace shop". */
  readonly by: string;
}

type Verdict =
  | { readonly bound: true; readonly implied: boolean; readonly message: string }
  | { readonly bound: false; readonly reason: string; readonly message: string };

function refuse(reason: string, message: string): Verdict {
  return { bound: false, reason, message };
}

/** undefined: nobody asked, or somebody opted out. */
function findWish(service: Service, namespace: Namespace | undefined): Wish | undefined {
  const own = service.metadata.namespace ?? "";
  const candidates: readonly [ObjectMeta, string][] = [
    [service.metadata, "the Service"],
    ...(namespace === undefined
      ? []
      : ([[namespace.metadata, `Namespace ${own}`]] as [ObjectMeta, string][])),
  ];
  for (const [meta, owner] of candidates) {
    for (const [kind, values] of [
      ["annotation", meta.annotations],
      ["label", meta.labels],
    ] as const) {
      const name = values?.[useWaypointKey] ?? "";
      if (name === "none") return undefined;
      if (name === "") continue;
      const gatewayNamespace =
        meta.annotations?.[useWaypointNamespaceKey] ?? meta.labels?.[useWaypointNamespaceKey];
      return { waypoint: `${gatewayNamespace || own}/${name}`, by: `the ${kind} of ${owner}` };
    }
  }
  return undefined;
}

/** Refuses what no waypoint can stand in front of: nothing is dialled at an address that could be taken over. */
function judgeTraffic(service: Service): Verdict | undefined {
  if (service.spec?.type === "ExternalName") {
    return refuse(
      "UnsupportedTrafficType",
      "a Service of type ExternalName is a DNS alias: clients never dial it, so a waypoint cannot serve it",
    );
  }
  if (service.spec?.clusterIP === "None") {
    return refuse(
      "UnsupportedTrafficType",
      "a headless Service has no address of its own: clients dial its pods, so a waypoint cannot serve it; " +
        'give it a clusterIP, or opt it out with waystone.dev/use-waypoint: "none"',
    );
  }
  return undefined;
}

function judgeGateway(
  context: FetchContext,
  sources: Sources,
  service: Service,
  namespace: Namespace | undefined,
  { waypoint, by }: Wish,
): Verdict {
  const own = service.metadata.namespace ?? "";
  const gateway = context.get(sources.gateways, waypoint)?.object;
  if (gateway === undefined) {
    if (waypoint.startsWith(`${own}/`)) {
      return { bound: true, implied: true, message: `Successfully attached to waypoint ${waypoint} (${by})` };
    }
    return refuse(
      "AttachmentDenied",
      `Gateway ${waypoint}, which ${by} names, does not exist; a waypoint in another namespace must be declared there, ` +
        `with allowedRoutes that admit namespace ${own}`,
    );
  }
  const className = gateway.spec.gatewayClassName;
  const gatewayClass = context.get(sources.gatewayClasses, className)?.object;
  if (!isWaypoint(gateway, gatewayClass)) {
    const wrong =
      className === waypointClassName
        ? `is of class ${className}, but that GatewayClass belongs to ${gatewayClass?.spec.controllerName}`
        : `is of class ${className}; a waypoint is of class ${waypointClassName}`;
    return refuse("AttachmentDenied", `Gateway ${waypoint}, which ${by} names, ${wrong}`);
  }
  if (!allowsNamespace(gateway, own, namespace)) {
    return refuse(
      "AttachmentDenied",
      `no listener of Gateway ${waypoint} allows namespace ${own}; set allowedRoutes.namespaces on one of its listeners`,
    );
  }
  return { bound: true, implied: false, message: `Successfully attached to waypoint ${waypoint} (${by})` };
}

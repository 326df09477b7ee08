/**
 * parentRefs -> the Service ports that the route is attached to, and what we say of each. Only what is ours to judge gets a
 * status: Services with a waypoint of ours, our Gateways, and names that nobody has. A Service may be in another namespace:
 * the route is then a consumer route, for clients of its own namespace (GEP-1294).
 */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import { isConnectionRoute } from "@waystone/engine/route/connection-table";
import type { FetchContext } from "@waystone/collection/collection";
import type { Model } from "../../model/model.ts";
import {
  compareAttachments,
  coversPort,
  goesBeforeKind,
  isServiceReference,
  type RouteAttachment,
  type RouteKind,
} from "../../model/route-attachment.ts";
import type { ServiceModel } from "../../model/service.ts";
import { carries, type PortModel } from "../../model/service-port.ts";
import type { Sources } from "../../model/sources.ts";
import { meshPort } from "../../model/mesh-listener.ts";
import { allowsRoutes } from "../../model/listener-kinds.ts";
import { isWaypoint } from "../../model/waypoint-gateway.ts";
import { listPorts, missingService } from "./backend-reference.ts";

export type ParentVerdict =
  | {
      readonly type: "attached";
      readonly waypoint: string;
      readonly service: string;
      /** 0: every port. */
      readonly ports: readonly number[];
      /** What the route does not get although it asks for it, for people. */
      readonly note: string | undefined;
    }
  | { readonly type: "refused"; readonly reason: string; readonly message: string }
  /** Not ours: no status, but a word for people. */
  | { readonly type: "foreign"; readonly note: string };

export type ParentModel = Pick<Model, "services" | "attachments" | "grpcAttachments">;

export interface ParentContext {
  readonly kind: RouteKind;
  readonly fetch: FetchContext;
  readonly sources: Sources;
  readonly model: ParentModel;
  /** The route's. */
  readonly namespace: string;
}

export function judgeParent(context: ParentContext, ref: ParentReference): ParentVerdict {
  const namespace = ref.namespace ?? context.namespace;
  if (isServiceReference(ref)) return judgeService(context, ref, `${namespace}/${ref.name}`);
  const group = ref.group ?? gatewayGroup;
  const kind = ref.kind ?? "Gateway";
  if (group === gatewayGroup && kind === "Gateway") return judgeGateway(context, `${namespace}/${ref.name}`);
  return {
    type: "foreign",
    note: `the parent ${kind} ${namespace}/${ref.name} (group ${JSON.stringify(group)}) is not served`,
  };
}

function judgeGateway(context: ParentContext, key: string): ParentVerdict {
  const { fetch, sources, kind, namespace } = context;
  const hint = 'attach the route to a Service instead (parentRefs: group: "", kind: Service)';
  const gateway = fetch.get(sources.gateways, key)?.object;
  if (gateway === undefined) {
    // In a cluster it may be made yet, and be any controller's: until then nobody speaks for it. Files have no other.
    if (sources.cluster !== undefined) {
      return { type: "foreign", note: `the parent Gateway ${key} does not exist; ${hint}` };
    }
    return { type: "refused", reason: "NoMatchingParent", message: `Gateway ${key} does not exist; ${hint}` };
  }
  if (!isWaypoint(gateway, fetch.get(sources.gatewayClasses, gateway.spec.gatewayClassName)?.object)) {
    return {
      type: "foreign",
      note: `the parent Gateway ${key} is of class ${gateway.spec.gatewayClassName}, not ours`,
    };
  }
  if (!allowsRoutes(gateway, kind, namespace, fetch.get(sources.namespaces, namespace)?.object)) {
    const message = `no listener of Gateway ${key} allows ${withArticle(kind)} of namespace ${namespace} (allowedRoutes); ${hint}`;
    return { type: "refused", reason: "NotAllowedByListeners", message };
  }
  return {
    type: "refused",
    reason: "UnsupportedValue",
    message: `routes on Gateways are not served yet; ${hint}`,
  };
}

function judgeService(context: ParentContext, ref: ParentReference, key: string): ParentVerdict {
  const service = context.fetch.get(context.model.services, key);
  if (service === undefined) {
    return {
      type: "refused",
      reason: "NoMatchingParent",
      message: missingService({ fetch: context.fetch, services: context.model.services }, key),
    };
  }
  const waypoint = service.waypoint ?? service.awaitedWaypoint;
  if (waypoint === undefined) {
    if (service.refusal === undefined) {
      const how = "annotate it or its Namespace with waystone.dev/use-waypoint";
      return {
        type: "foreign",
        note: `Service ${key} has no waypoint, so this route does not apply to it; ${how}`,
      };
    }
    const message = `Service ${key} has no waypoint: ${service.refusal}`;
    return { type: "refused", reason: "NoMatchingParent", message };
  }
  if (!service.allowedKinds.includes(context.kind)) return disallowedKind(context.kind, service, waypoint);
  const wanted = { port: ref.port ?? 0, sectionName: ref.sectionName ?? "" };
  const isEvery = wanted.port === 0 && wanted.sectionName === "";
  const ports = service.ports.filter((port) => coversPort(wanted, port));
  if (ports.length === 0 && !isEvery)
    return { type: "refused", ...missingPort(context.kind, service, wanted) };
  return judgePorts(context, service, waypoint, { ports, isEvery });
}

function disallowedKind(
  kind: RouteKind,
  { key, allowedKinds }: ServiceModel,
  waypoint: string,
): ParentVerdict {
  const allowed = allowedKinds.length === 0 ? "none" : allowedKinds.join(", ");
  const message =
    `Gateway ${waypoint}, the waypoint of Service ${key}, allows no ${kind}: the kinds of routes that its listener of ` +
    `port ${meshPort} allows are ${allowed}; add ${kind} to allowedRoutes.kinds there`;
  return { type: "refused", reason: "NotAllowedByListeners", message };
}

function missingPort(
  kind: RouteKind,
  service: ServiceModel,
  wanted: Pick<RouteAttachment, "port" | "sectionName">,
): { reason: string; message: string } {
  const other = service.otherPorts.find((candidate) => coversPort(wanted, candidate));
  if (other !== undefined) {
    const message = `port ${other.port} of Service ${service.key} is ${other.transport}, which carries no ${isConnectionRoute({ kind }) ? "TCP" : "HTTP"}`;
    return { reason: "UnsupportedValue", message };
  }
  const asked = [
    ...(wanted.port === 0 ? [] : [`${wanted.port}`]),
    ...(wanted.sectionName === "" ? [] : [`named ${wanted.sectionName}`]),
  ].join(" ");
  const message = `Service ${service.key} has no port ${asked}; it has ${listPorts(service)}`;
  return { reason: "NoMatchingParent", message };
}

/** `ports`: those that the reference means; `isEvery`: because it names none. One that speaks what the route is about is enough. */
function judgePorts(
  context: ParentContext,
  service: ServiceModel,
  waypoint: string,
  { ports, isEvery }: { readonly ports: readonly PortModel[]; readonly isEvery: boolean },
): ParentVerdict {
  const { kind } = context;
  const lost = lostPorts(context, service, ports);
  const kept = ports.filter(
    (port) => carries(port, kind) && !lost.some(({ port: number }) => number === port.port),
  );
  const note = lost
    .map(({ port, to }) => `port ${port} of Service ${service.key} has ${to.kind} ${to.route}`)
    .join(", ");
  const [winner] = lost;
  if (kept.length === 0) {
    if (winner === undefined) {
      return { type: "refused", reason: "UnsupportedValue", message: silentPorts(kind, service, ports) };
    }
    const message = `${note}, and ${withArticle(winner.to.kind)} goes before ${withArticle(kind)} on one port`;
    return { type: "refused", reason: "Conflicted", message };
  }
  // The others name their ports: the Service may have some that speak something else.
  const isWhole = isEvery && kind === "HTTPRoute" && lost.length === 0;
  return {
    type: "attached",
    waypoint,
    service: service.key,
    ports: isWhole ? [0] : kept.map(({ port }) => port),
    note: note === "" ? undefined : `${note}, which goes before this route there`,
  };
}

function silentPorts(kind: RouteKind, service: ServiceModel, ports: readonly PortModel[]): string {
  if (ports.length === 0) return `Service ${service.key} has no TCP ports`;
  const seen = ports.map(({ port, protocolReason }) => `${port} (${protocolReason})`).join(", ");
  const { spoken, appProtocol } = spokenBy[kind];
  return `no port that the route means ${spoken}: ${seen}; set appProtocol: ${appProtocol} on the Service's port if it does`;
}

const spokenBy: Readonly<Record<RouteKind, { readonly spoken: string; readonly appProtocol: string }>> = {
  GRPCRoute: { spoken: "speaks HTTP/2", appProtocol: "kubernetes.io/h2c" },
  HTTPRoute: { spoken: "speaks HTTP", appProtocol: "http" },
  TLSRoute: { spoken: "speaks TLS", appProtocol: "tls" },
  TCPRoute: { spoken: "speaks TCP or TLS", appProtocol: "tcp" },
};

function withArticle(kind: RouteKind): string {
  return `${kind === "HTTPRoute" ? "an" : "a"} ${kind}`;
}

/**
 * On one port the first kind of all (GEP-1294's order) is served, and the others do not apply there. Consumer and producer
 * routes are two sets: neither takes anything from the other.
 */
function lostPorts(
  { kind, fetch, model, namespace }: ParentContext,
  service: ServiceModel,
  ports: readonly PortModel[],
): readonly { readonly port: number; readonly to: RouteAttachment }[] {
  if (kind === "GRPCRoute") return [];
  const attachments = kind === "HTTPRoute" ? model.grpcAttachments : model.attachments;
  const rivals = fetch
    .lookup(attachments, service.key)
    .filter((one) => one.namespace === namespace && !one.isBackend && goesBeforeKind(one.kind, kind))
    .filter((one) => service.allowedKinds.includes(one.kind));
  return ports.flatMap((port) => {
    const here = rivals.filter((rival) => coversPort(rival, port) && carries(port, rival.kind));
    const [first] = here.toSorted(compareAttachments);
    return first === undefined ? [] : [{ port: port.port, to: first }];
  });
}

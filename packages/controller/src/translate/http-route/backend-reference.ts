/**
 * backendRef -> the Service port that it means: that Service's endpoints, in any namespace. Routes on Services need no
 * ReferenceGrant (GEP-1294): the traffic is the mesh's own, and policies of the serving Service apply.
 */
import type { BackendObjectReference } from "@waystone/api/kubernetes/gateway";
import { Protocol } from "@waystone/api/resources";
import { suggest } from "@waystone/base/suggest";
import type { Collection, FetchContext, Index } from "@waystone/collection/collection";
import { isConnectionRoute } from "@waystone/engine/route/connection-table";
import type { Sources } from "../../model/sources.ts";
import type { ServiceModel } from "../../model/service.ts";
import type { RouteKind } from "../../model/route-attachment.ts";
import { isHttp2, type PortModel } from "../../model/service-port.ts";
import type { Faults, UnresolvedReason } from "./faults.ts";

export interface BackendContext {
  readonly fetch: FetchContext;
  /** Only what an ExternalAuth filter refers to needs a grant. */
  readonly sources: Pick<Sources, "referenceGrants">;
  readonly services: Collection<ServiceModel>;
  /** By "<namespace>/<service> <port name, or nothing>": whether there is a policy for TLS to it. */
  readonly tlsPolicies: Index<unknown>;
  /** The route's. */
  readonly name: string;
  /** The route's: where references without a namespace lead. */
  readonly namespace: string;
  readonly kind: RouteKind;
  /** Gathers "<namespace>/<name>" of every Service that the route needs. */
  readonly needs: Set<string>;
}

export interface BackendTarget {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly port: number;
  /** Why it cannot be used. */
  readonly invalid: string | undefined;
}

export function findBackend(
  context: BackendContext,
  ref: BackendObjectReference,
  at: string,
  faults: Faults,
): BackendTarget {
  const service = `${ref.namespace ?? context.namespace}/${ref.name}`;
  const port = ref.port ?? 0;
  const fault = backendFault(context, ref, service);
  if (fault === undefined) {
    context.needs.add(service);
    return { service, port, invalid: undefined };
  }
  faults.unresolve(at, fault.reason, fault.message);
  return { service, port, invalid: fault.message };
}

interface ReferenceFault {
  readonly reason: UnresolvedReason;
  readonly message: string;
}

function backendFault(
  context: BackendContext,
  ref: BackendObjectReference,
  key: string,
): ReferenceFault | undefined {
  const group = ref.group ?? "";
  const kind = ref.kind ?? "Service";
  if (group !== "" || kind !== "Service") {
    const message = `a backend is a Service (group ""), not ${kind} (group ${JSON.stringify(group)})`;
    return { reason: "InvalidKind", message };
  }
  const service = context.fetch.get(context.services, key);
  if (service === undefined) return { reason: "BackendNotFound", message: missingService(context, key) };
  if (service.isExternalName) {
    const message = `Service ${key} is of type ExternalName, which has no endpoints to send requests to`;
    return { reason: "InvalidKind", message };
  }
  if (ref.port === undefined) {
    return {
      reason: "BackendNotFound",
      message: `a port is required; Service ${key} has ${listPorts(service)}`,
    };
  }
  const other = service.otherPorts.find(({ port }) => port === ref.port);
  const port = service.ports.find((candidate) => candidate.port === ref.port);
  const isPassedOn = isConnectionRoute(context);
  if (port !== undefined) return isPassedOn ? undefined : protocolFault(context, key, port);
  if (other !== undefined) {
    const message = `port ${ref.port} of Service ${key} is ${other.transport}, which carries no ${isPassedOn ? "TCP" : "HTTP"}`;
    return { reason: "UnsupportedProtocol", message };
  }
  const message = `Service ${key} has no port ${ref.port}; it has ${listPorts(service)}`;
  return { reason: "BackendNotFound", message };
}

/** With the name that was probably meant. Only a reference that leads nowhere depends on all Services. */
export function missingService(
  { fetch, services }: Pick<BackendContext, "fetch" | "services">,
  key: string,
): string {
  const [namespace = "", name = ""] = key.split("/");
  const all = fetch.list(services).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const near = suggest(
    name,
    all.filter((service) => service.namespace === namespace).map((service) => service.name),
  );
  const elsewhere = all.find((service) => service.name === name)?.key;
  const meant = near === undefined ? elsewhere : `${namespace}/${near}`;
  return `Service ${key} does not exist${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

/** Requests go upstream in plain text unless a policy says whom to trust, and calls over HTTP/2 alone: a backend that expects other fails. */
function protocolFault(context: BackendContext, key: string, port: PortModel): ReferenceFault | undefined {
  const { kind } = context;
  const name = `port ${port.port} of Service ${key}`;
  const isTls = port.protocol === Protocol.TLS;
  if (isTls && !hasTlsPolicy(context, key, port.name)) {
    const message = `${name} expects TLS (${port.protocolReason}), and no BackendTLSPolicy says which certificate to trust there`;
    return { reason: "UnsupportedProtocol", message };
  }
  if (isTls && kind === "GRPCRoute") {
    const message = `${name} is not known to speak HTTP/2 (${port.protocolReason}), which gRPC needs; set appProtocol: grpc, and the BackendTLSPolicy makes it TLS`;
    return { reason: "UnsupportedProtocol", message };
  }
  if (isTls) return undefined;
  if (kind !== "GRPCRoute" || isHttp2(port)) return undefined;
  const spoken = port.protocol === Protocol.HTTP ? "HTTP/1.1" : "TCP";
  const message = `${name} speaks ${spoken} (${port.protocolReason}), and gRPC needs HTTP/2; set appProtocol: kubernetes.io/h2c if it does speak that`;
  return { reason: "UnsupportedProtocol", message };
}

function hasTlsPolicy({ fetch, tlsPolicies }: BackendContext, service: string, portName: string): boolean {
  const sections = portName === "" ? [""] : ["", portName];
  return sections.some((section) => fetch.lookup(tlsPolicies, `${service} ${section}`).length > 0);
}

export function listPorts(service: ServiceModel): string {
  if (service.ports.length === 0) return "no TCP ports";
  return service.ports.map(({ name, port }) => (name === "" ? `${port}` : `${port} (${name})`)).join(", ");
}

/**
 * targetRefs -> the targets of the resource, the Services that they mean, and what is wrong with them. A target that is not there
 * stays in the resource: the policy holds as soon as it is (design/0003-policies.md).
 */
import type { AuthorizationPolicySpec } from "@waystone/api/kubernetes/waystone";
import type { PolicyTargetResource } from "@waystone/api/resources";
import { suggest } from "@waystone/base/suggest";
import type { FetchContext, Index } from "@waystone/collection/collection";
import type { Model } from "../../model/model.ts";
import { isServiceReference } from "../../model/route-attachment.ts";
import type { ServiceModel } from "../../model/service.ts";
import { isHttp, type PortModel } from "../../model/service-port.ts";
import type { Sources } from "../../model/sources.ts";
import type { RouteTranslation } from "../route-to-resource.ts";
import { isWaypoint } from "../../model/waypoint-gateway.ts";

export interface TargetContext {
  readonly fetch: FetchContext;
  readonly sources: Sources;
  readonly model: Pick<Model, "services">;
  readonly servicesByNamespace: Index<ServiceModel>;
  readonly servicesByWaypoint: Index<ServiceModel>;
  readonly routesByBackend: Index<RouteTranslation>;
  /** The policy's. */
  readonly namespace: string;
}

export interface ResolvedTarget {
  /** Undefined: no resource may say it. */
  readonly resource: PolicyTargetResource | undefined;
  readonly services: readonly TargetService[];
  readonly fault: TargetFault | undefined;
}

export interface TargetService {
  readonly service: ServiceModel;
  /** Those of its ports that are meant. */
  readonly ports: readonly PortModel[];
}

export interface TargetFault {
  readonly reason: "TargetNotFound" | "SectionNotFound" | "Invalid";
  readonly message: string;
}

type TargetRef = AuthorizationPolicySpec["targetRefs"][number];
type Found = Omit<ResolvedTarget, "resource">;

export function resolveTarget(context: TargetContext, ref: TargetRef): ResolvedTarget {
  const { kind, name, sectionName = "" } = ref;
  const key = `${context.namespace}/${name}`;
  const resource = { kind, name: kind === "Namespace" ? name : key, section: sectionName };
  switch (kind) {
    case "Service":
      return { resource, ...resolveService(context, key, sectionName) };
    case "Namespace": {
      if (name === context.namespace)
        return { resource, ...whole(context.fetch.lookup(context.servicesByNamespace, name)) };
      const message = `a policy is about its own namespace, which is ${context.namespace}`;
      return { resource: undefined, services: [], fault: { reason: "Invalid", message } };
    }
    case "Gateway":
      return { resource, ...resolveGateway(context, key) };
    case "HTTPRoute":
    case "GRPCRoute":
      return { resource, ...resolveRoute(context, kind, key, sectionName) };
    default:
      return kind satisfies never;
  }
}

function whole(services: readonly ServiceModel[]): Found {
  return { services: services.map((service) => ({ service, ports: service.ports })), fault: undefined };
}

function notFound(what: string): Found {
  const message = `${what} does not exist; the policy holds for it as soon as it does`;
  return { services: [], fault: { reason: "TargetNotFound", message } };
}

function resolveService({ fetch, model }: TargetContext, key: string, section: string): Found {
  const service = fetch.get(model.services, key);
  if (service === undefined) return notFound(`Service ${key}`);
  const ports = service.ports.filter(({ name }) => section === "" || name === section);
  if (ports.length > 0 || section === "") return { services: [{ service, ports }], fault: undefined };
  const names = service.ports.map(({ name }) => name);
  const fault = lostSection(`Service ${key} has no TCP port named ${section}`, section, names);
  return { ...whole([service]), fault };
}

function resolveGateway({ fetch, sources, servicesByWaypoint }: TargetContext, key: string): Found {
  const services = fetch.lookup(servicesByWaypoint, key);
  const gateway = fetch.get(sources.gateways, key)?.object;
  // A waypoint that an annotation asks for may be there without a Gateway (files).
  if (gateway === undefined) return services.length > 0 ? whole(services) : notFound(`Gateway ${key}`);
  const { gatewayClassName } = gateway.spec;
  if (isWaypoint(gateway, fetch.get(sources.gatewayClasses, gatewayClassName)?.object))
    return whole(services);
  const message = `Gateway ${key} is of class ${gatewayClassName} and no waypoint`;
  return { services: [], fault: { reason: "Invalid", message } };
}

function resolveRoute(
  { fetch, sources, model, namespace }: TargetContext,
  kind: "HTTPRoute" | "GRPCRoute",
  key: string,
  section: string,
): Found {
  const route =
    kind === "HTTPRoute"
      ? fetch.get(sources.httpRoutes, key)?.object
      : fetch.get(sources.grpcRoutes, key)?.object;
  if (route === undefined) return notFound(`${kind} ${key}`);
  const parents = (route.spec?.parentRefs ?? []).filter(isServiceReference);
  const names = new Set(parents.map((ref) => `${ref.namespace ?? namespace}/${ref.name}`));
  const services = [...names].flatMap((name) => fetch.get(model.services, name) ?? []);
  const found: Found = {
    services: services.map((service) => ({ service, ports: service.ports.filter(isHttp) })),
    fault: undefined,
  };
  const rules = (route.spec?.rules ?? []).flatMap(({ name }) => name ?? []);
  if (section === "" || rules.includes(section)) return found;
  return { ...found, fault: lostSection(`${kind} ${key} has no rule named ${section}`, section, rules) };
}

function lostSection(problem: string, section: string, names: readonly string[]): TargetFault {
  const close = suggest(section, names);
  const hint = close === undefined ? "" : `; did you mean ${close}?`;
  const consequence = "an ALLOW then allows nobody, a DENY holds for all of it";
  return { reason: "SectionNotFound", message: `${problem} (${consequence})${hint}` };
}

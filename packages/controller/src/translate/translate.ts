/**
 * From model to what is pushed and what is said: every object becomes a resource and a status, each in a collection that
 * moves only when its content does. The order below is the order of a configuration change.
 */
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import type { Model } from "../model/model.ts";
import type { AnyRoute } from "../model/route-attachment.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { deriveUnread } from "../model/unread-object.ts";
import { translateAuthenticationPolicy } from "./authentication-policy-to-resource.ts";
import { type PolicyTranslation, translateAuthorizationPolicy } from "./authorization-policy-to-resource.ts";
import { namedTargets, translateBackendTls } from "./backend-tls-policy-to-resource.ts";
import { targetedServices, translateBackendTraffic } from "./backend-traffic-policy-to-resource.ts";
import { credentialsOf, credentialsToResource } from "./credentials-to-resource.ts";
import { endpointSliceToResource } from "./endpoint-slice-to-resource.ts";
import { gatewayClassToStatus, translateGateway } from "./translate-gateway.ts";
import type { ObjectStatus, Translation } from "./object-status.ts";
import { targetNames } from "./policy/merged-at.ts";
import type { PolicyNeeds } from "./policy/policy-needs.ts";
import type { RouteNeeds } from "./route-needs.ts";
import { type RouteTranslation, translateRoute } from "./route-to-resource.ts";
import { translateService } from "./service-to-resource.ts";
import { unreadToPolicy } from "./unread-to-policy.ts";
import { unservedToStatus } from "./unserved-to-status.ts";

export interface Translated {
  /** By `resourceKey`. */
  readonly resources: Collection<EncodedResource>;
  /** By "<Kind>/<namespace>/<name>". */
  readonly statuses: Collection<ObjectStatus>;
  /** By route. */
  readonly routeNeeds: Collection<RouteNeeds>;
  /** By policy. */
  readonly policyNeeds: Collection<PolicyNeeds>;
}

export function resourceKey({ typeUrl, name }: Pick<EncodedResource, "typeUrl" | "name">): string {
  return `${typeUrl} ${name}`;
}

export function translate(sources: Sources, model: Model, graph: CollectionGraph): Translated {
  // 1. Services first: routes refer to them.
  const unread = deriveUnread(graph, sources, model);
  const services = graph.derive(
    model.services,
    (context, service) => {
      const source = context.get(sources.services, service.key);
      if (source === undefined) return undefined;
      const namespace = context.get(sources.namespaces, service.namespace)?.object;
      const unreadHere = unread && context.get(unread, service.key);
      return translateService(service, source, namespace, unreadHere?.objects ?? []);
    },
    translations("service-translations"),
  );

  // 2. Where their endpoints are. No conditions: nobody would read them on every rollout. Who clients are is translated
  // when a waypoint asks (push/catalog.ts).
  const slices = graph.derive(
    model.slices,
    (_, slice) => endpointSliceToResource(slice),
    resources("slice-resources"),
  );

  // 3. Routes, with all that can be wrong with them.
  const tlsPolicies = graph.index("tls-policies-by-target", sources.backendTlsPolicies, namedTargets);
  const routeModel = { ...model, tlsPolicies };
  const translateRoutes = (
    name: string,
    of: Collection<SourcedObject<AnyRoute>>,
  ): Collection<RouteTranslation> =>
    graph.derive(
      of,
      (context, route) => translateRoute(context, sources, routeModel, route),
      routeTranslations(name),
    );
  const routes = graph.join("route-translations", [
    translateRoutes("http-route-translations", sources.httpRoutes),
    translateRoutes("grpc-route-translations", sources.grpcRoutes),
    translateRoutes("tls-route-translations", sources.tlsRoutes),
    translateRoutes("tcp-route-translations", sources.tcpRoutes),
  ]);

  // 4. Policies, about what the steps before know.
  const routesByBackend = graph.index("routes-by-backend", routes, ({ needs }) => needs.backends);
  const servicesByNamespace = graph.index("services-by-namespace", model.services, (service) => [
    service.namespace,
  ]);
  const servicesByWaypoint = graph.index(
    "services-by-waypoint",
    model.services,
    (service) => service.waypoints,
  );
  const authorization = graph.derive(
    sources.authorizationPolicies,
    (fetch, policy) =>
      translateAuthorizationPolicy(
        { fetch, sources, model, servicesByNamespace, servicesByWaypoint, routesByBackend, tlsPolicies },
        policy,
      ),
    policyTranslations("authorization-policy-translations"),
  );
  const authenticationByTarget = graph.index(
    "authentication-policies-by-target",
    sources.authenticationPolicies,
    targetNames,
  );
  const credentials = graph.derive(
    sources.authenticationPolicies,
    (fetch, policy) => credentialsToResource(fetch, sources, policy),
    resources("credential-resources"),
  );
  const authentication = graph.derive(
    sources.authenticationPolicies,
    (fetch, policy) =>
      translateAuthenticationPolicy(
        {
          fetch,
          sources,
          model,
          servicesByNamespace,
          servicesByWaypoint,
          routesByBackend,
          authenticationByTarget,
        },
        policy,
        fetch.get(credentials, resourceKey(credentialsOf(policy))),
      ),
    policyTranslations("authentication-policy-translations"),
  );
  const rivals = graph.index("traffic-policies-by-service", sources.backendTrafficPolicies, targetedServices);
  const backendTraffic = graph.derive(
    sources.backendTrafficPolicies,
    (fetch, policy) => translateBackendTraffic({ fetch, sources, model, rivals, routesByBackend }, policy),
    policyTranslations("backend-traffic-policy-translations"),
  );
  const backendTls = graph.derive(
    sources.backendTlsPolicies,
    (fetch, policy) =>
      translateBackendTls({ fetch, sources, model, rivals: tlsPolicies, routesByBackend }, policy),
    policyTranslations("backend-tls-policy-translations"),
  );
  const policies = graph.join("policy-translations", [
    authorization,
    authentication,
    backendTls,
    backendTraffic,
  ]);

  // Files alone have any.
  const standIns =
    unread &&
    graph.derive(unread, (_, each) => unreadToPolicy(each), {
      name: "unread-translations",
      key: ({ needs }) => needs.policy,
    });

  // 5. Gateways: nothing is pushed for them but the client certificate that one names. Kinds that are not served yet yield
  // statuses alone.
  const gateways = graph.derive(
    sources.gateways,
    (context, gateway) => {
      const gatewayClass = context.get(sources.gatewayClasses, gateway.object.spec.gatewayClassName);
      return translateGateway(context, sources, gateway, gatewayClass?.object);
    },
    translations("gateway-translations"),
  );
  const classes = graph.derive(
    sources.gatewayClasses,
    (_, gatewayClass) => gatewayClassToStatus(gatewayClass),
    statuses("gateway-class-statuses"),
  );
  const unserved = graph.derive(
    sources.unserved,
    (_, object) => unservedToStatus(object),
    statuses("unserved-statuses"),
  );

  // 6. Resources to push/, statuses to status/, needs to push/ again: they decide who gets what.
  const translated: Collection<Translation> = graph.join("translations", [
    services,
    routes,
    policies,
    gateways,
  ]);
  return {
    resources: graph.join("resources", [
      graph.derive(translated, (_, { resource }) => resource, resources("translated-resources")),
      ...(standIns
        ? [graph.derive(standIns, (_, { resource }) => resource, resources("unread-resources"))]
        : []),
      slices,
      credentials,
    ]),
    statuses: graph.join("statuses", [
      graph.derive(translated, (_, { status }) => status, statuses("translated-statuses")),
      classes,
      unserved,
    ]),
    routeNeeds: graph.derive(routes, (_, { needs }) => needs, {
      name: "route-needs",
      key: ({ route }) => route,
    }),
    policyNeeds: graph.join("policy-needs", [
      graph.derive(policies, (_, { needs }) => needs, policyNeedsNamed("needs-of-policies")),
      ...(standIns
        ? [graph.derive(standIns, (_, { needs }) => needs, policyNeedsNamed("needs-of-unread"))]
        : []),
    ]),
  };
}

function translations(name: string): { name: string; key: (item: Translation) => string } {
  return { name, key: (translation) => translation.key };
}

function routeTranslations(name: string): { name: string; key: (item: RouteTranslation) => string } {
  return { name, key: (translation) => translation.key };
}

function policyTranslations(name: string): { name: string; key: (item: PolicyTranslation) => string } {
  return { name, key: (translation) => translation.key };
}

function policyNeedsNamed(name: string): { name: string; key: (item: PolicyNeeds) => string } {
  return { name, key: ({ policy }) => policy };
}

function statuses(name: string): { name: string; key: (item: ObjectStatus) => string } {
  return { name, key: (status) => status.key };
}

/** The version is a hash of the body: equal versions need no look at the bytes. */
function resources(name: string): {
  name: string;
  key: (item: EncodedResource) => string;
  equals: (a: EncodedResource, b: EncodedResource) => boolean;
} {
  return { name, key: resourceKey, equals: (a, b) => a.version === b.version && a.name === b.name };
}

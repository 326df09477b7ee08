/**
 * The kinds that the controller follows in a cluster, and in which versions it can read them. Least privilege: what is in
 * this table is what the chart lets the controller's account list and watch.
 */
import { experimentalGatewayGroup, gatewayGroup, waystoneGroup } from "@waystone/api/names";
import type { KubeResource } from "@waystone/kube/kube-resource";

interface BuiltInKind extends KubeResource {
  readonly kind: string;
}

function builtIn(
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced = true,
): BuiltInKind {
  return { group, version, plural, kind, namespaced };
}

export const builtInKinds = {
  namespaces: builtIn("", "v1", "namespaces", "Namespace", false),
  services: builtIn("", "v1", "services", "Service"),
  pods: builtIn("", "v1", "pods", "Pod"),
  endpointSlices: builtIn("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
  statefulSets: builtIn("apps", "v1", "statefulsets", "StatefulSet"),
  networkPolicies: builtIn("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),
  mutatingWebhooks: builtIn(
    "admissionregistration.k8s.io",
    "v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    false,
  ),
  validatingWebhooks: builtIn(
    "admissionregistration.k8s.io",
    "v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    false,
  ),
  apiServices: builtIn("apiregistration.k8s.io", "v1", "apiservices", "APIService", false),
  definitions: builtIn(
    "apiextensions.k8s.io",
    "v1",
    "customresourcedefinitions",
    "CustomResourceDefinition",
    false,
  ),
} as const satisfies Readonly<Record<string, BuiltInKind>>;

/** Not of those that are followed as a whole: cluster/named-watches.ts. Nothing in the chart lets us read a Secret: their owners do. */
export const namedKinds = {
  configMaps: builtIn("", "v1", "configmaps", "ConfigMap"),
  secrets: builtIn("", "v1", "secrets", "Secret"),
} as const satisfies Readonly<Record<string, BuiltInKind>>;

/** A kind that is there only while a CustomResourceDefinition says so. */
export interface DefinedKind extends Omit<KubeResource, "version"> {
  readonly kind: string;
  /** Those that can be read, the best first. */
  readonly versions: readonly string[];
}

function defined(
  group: string,
  versions: readonly string[],
  plural: string,
  kind: string,
  namespaced = true,
): DefinedKind {
  return { group, versions, plural, kind, namespaced };
}

export const definedKinds = {
  gatewayClasses: defined(gatewayGroup, ["v1"], "gatewayclasses", "GatewayClass", false),
  gateways: defined(gatewayGroup, ["v1"], "gateways", "Gateway"),
  httpRoutes: defined(gatewayGroup, ["v1"], "httproutes", "HTTPRoute"),
  // v1 since 1.5; the two are alike.
  referenceGrants: defined(gatewayGroup, ["v1", "v1beta1"], "referencegrants", "ReferenceGrant"),
  grpcRoutes: defined(gatewayGroup, ["v1"], "grpcroutes", "GRPCRoute"),
  tlsRoutes: defined(gatewayGroup, ["v1", "v1alpha3", "v1alpha2"], "tlsroutes", "TLSRoute"),
  tcpRoutes: defined(gatewayGroup, ["v1", "v1alpha2"], "tcproutes", "TCPRoute"),
  backendTlsPolicies: defined(gatewayGroup, ["v1"], "backendtlspolicies", "BackendTLSPolicy"),
  backendTrafficPolicies: defined(
    experimentalGatewayGroup,
    ["v1alpha1"],
    "xbackendtrafficpolicies",
    "XBackendTrafficPolicy",
  ),
  authenticationPolicies: defined(
    waystoneGroup,
    ["v1alpha1"],
    "authenticationpolicies",
    "AuthenticationPolicy",
  ),
  authorizationPolicies: defined(waystoneGroup, ["v1alpha1"], "authorizationpolicies", "AuthorizationPolicy"),
  waypointParameters: defined(waystoneGroup, ["v1alpha1"], "waypointparameters", "WaypointParameters"),
  serviceMonitors: defined("monitoring.coreos.com", ["v1"], "servicemonitors", "ServiceMonitor"),
} as const satisfies Readonly<Record<string, DefinedKind>>;

/** The name of the definition: "httproutes.gateway.networking.k8s.io". */
export function definitionName({ plural, group }: Pick<DefinedKind, "plural" | "group">): string {
  return `${plural}.${group}`;
}

/** Which of the versions that we can read the definition serves, the best. */
export function servedVersion(
  kind: DefinedKind,
  definition: { readonly versions: readonly string[] } | undefined,
): string | undefined {
  return kind.versions.find((version) => definition?.versions.includes(version));
}

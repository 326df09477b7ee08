/** The kinds that the faulty API server serves unless told otherwise: those that Waystone reads or writes. */

export interface StoredKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Status is written through its own path, and only there. */
  readonly hasStatus: boolean;
}

export const kindKey = ({ group, plural }: Pick<StoredKind, "group" | "plural">): string =>
  `${plural}.${group}`;

export const apiVersionOf = ({ group, version }: Pick<StoredKind, "group" | "version">): string =>
  group === "" ? version : `${group}/${version}`;

const gatewayApi = "gateway.networking.k8s.io";

export const usualKinds: readonly StoredKind[] = [
  kind("", "v1", "namespaces", "Namespace", false),
  kind("", "v1", "services", "Service"),
  kind("", "v1", "pods", "Pod"),
  kind("", "v1", "configmaps", "ConfigMap", true, false),
  kind("", "v1", "secrets", "Secret", true, false),
  kind("", "v1", "serviceaccounts", "ServiceAccount", true, false),
  kind("", "v1", "events", "Event", true, false),
  kind("apps", "v1", "deployments", "Deployment"),
  kind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
  kind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
  kind("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, false),
  kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, false),
  kind("coordination.k8s.io", "v1", "leases", "Lease", true, false),
  kind("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false),
  kind(gatewayApi, "v1", "gatewayclasses", "GatewayClass", false),
  kind(gatewayApi, "v1", "gateways", "Gateway"),
  kind(gatewayApi, "v1", "httproutes", "HTTPRoute"),
  kind(gatewayApi, "v1", "grpcroutes", "GRPCRoute"),
  kind(gatewayApi, "v1beta1", "referencegrants", "ReferenceGrant", true, false),
  kind("waystone.dev", "v1alpha1", "authenticationpolicies", "AuthenticationPolicy"),
  kind("waystone.dev", "v1alpha1", "authorizationpolicies", "AuthorizationPolicy"),
  kind("waystone.dev", "v1alpha1", "waypointparameters", "WaypointParameters", true, false),
];

function kind(
  group: string,
  version: string,
  plural: string,
  name: string,
  namespaced = true,
  hasStatus = true,
): StoredKind {
  return { group, version, plural, kind: name, namespaced, hasStatus };
}

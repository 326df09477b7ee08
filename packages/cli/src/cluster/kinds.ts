/** The kinds that commands read and write, as the API server's paths name them. */
import type { KubeResource } from "@waystone/kube/kube-resource";
import { gatewayGroup, waystoneGroup } from "@waystone/api/names";

const core = (plural: string, kind: string, namespaced = true): KubeResource => ({
  group: "",
  version: "v1",
  plural,
  kind,
  namespaced,
});

export const kinds = {
  namespace: core("namespaces", "Namespace", false),
  service: core("services", "Service"),
  endpointSlice: {
    group: "discovery.k8s.io",
    version: "v1",
    plural: "endpointslices",
    kind: "EndpointSlice",
    namespaced: true,
  },
  deployment: { group: "apps", version: "v1", plural: "deployments", kind: "Deployment", namespaced: true },
  lease: { group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease", namespaced: true },
  horizontalPodAutoscaler: {
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    namespaced: true,
  },
  podDisruptionBudget: {
    group: "policy",
    version: "v1",
    plural: "poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    namespaced: true,
  },
  serviceAccount: core("serviceaccounts", "ServiceAccount"),
  pod: core("pods", "Pod"),
  secret: core("secrets", "Secret"),
  configMap: core("configmaps", "ConfigMap"),
  crd: {
    group: "apiextensions.k8s.io",
    version: "v1",
    plural: "customresourcedefinitions",
    kind: "CustomResourceDefinition",
    namespaced: false,
  },
  mutatingPolicy: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    plural: "mutatingadmissionpolicies",
    kind: "MutatingAdmissionPolicy",
    namespaced: false,
  },
  gatewayClass: {
    group: gatewayGroup,
    version: "v1",
    plural: "gatewayclasses",
    kind: "GatewayClass",
    namespaced: false,
  },
  gateway: { group: gatewayGroup, version: "v1", plural: "gateways", kind: "Gateway", namespaced: true },
  httpRoute: {
    group: gatewayGroup,
    version: "v1",
    plural: "httproutes",
    kind: "HTTPRoute",
    namespaced: true,
  },
  grpcRoute: {
    group: gatewayGroup,
    version: "v1",
    plural: "grpcroutes",
    kind: "GRPCRoute",
    namespaced: true,
  },
  tlsRoute: { group: gatewayGroup, version: "v1", plural: "tlsroutes", kind: "TLSRoute", namespaced: true },
  tcpRoute: { group: gatewayGroup, version: "v1", plural: "tcproutes", kind: "TCPRoute", namespaced: true },
  role: {
    group: "rbac.authorization.k8s.io",
    version: "v1",
    plural: "roles",
    kind: "Role",
    namespaced: true,
  },
  roleBinding: {
    group: "rbac.authorization.k8s.io",
    version: "v1",
    plural: "rolebindings",
    kind: "RoleBinding",
    namespaced: true,
  },
  authenticationPolicy: {
    group: waystoneGroup,
    version: "v1alpha1",
    plural: "authenticationpolicies",
    kind: "AuthenticationPolicy",
    namespaced: true,
  },
  waypointParameters: {
    group: waystoneGroup,
    version: "v1alpha1",
    plural: "waypointparameters",
    kind: "WaypointParameters",
    namespaced: true,
  },
} as const satisfies Record<string, KubeResource>;

/**
 * What the model is made from: one collection of checked objects per kind. Files feed it (ingest/object-source.ts), a real
 * API server will; the model knows only this shape, so that both run the same translation.
 */
import type {
  ConfigMap,
  EndpointSlice,
  Namespace,
  NetworkPolicy,
  Pod,
  Secret,
  Service,
  StatefulSet,
} from "@waystone/api/kubernetes/core";
import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  GRPCRoute,
  HTTPRoute,
  ReferenceGrant,
  TCPRoute,
  TLSRoute,
  XBackendTrafficPolicy,
} from "@waystone/api/kubernetes/gateway";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { ServiceMonitor } from "@waystone/api/kubernetes/monitoring";
import type {
  AuthenticationPolicy,
  AuthorizationPolicy,
  WaypointParameters,
} from "@waystone/api/kubernetes/waystone";
import type { SourceProbeResult } from "../probe/probe-source.ts";
import type { Collection } from "@waystone/collection/collection";
import type { UnreadObject } from "./unread-object.ts";

export interface SourcedObject<T> {
  /** "<namespace>/<name>", or "<name>" for cluster-scoped kinds. */
  readonly key: string;
  /** Valid by its schema, defaults applied. */
  readonly object: T;
  readonly origin?: SourceOrigin;
  /** The newest version of the object cannot be used, and this is why; `object` is the last good one. */
  readonly problem?: SourceProblem;
}

export interface SourceOrigin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with an object as it was written, in words for people. */
export interface SourceProblem {
  /** error unless it says otherwise. */
  readonly severity?: "error" | "warning" | "info";
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly message: string;
  /** What to do. */
  readonly hint?: string | undefined;
}

export interface Sources {
  readonly namespaces: Collection<SourcedObject<Namespace>>;
  readonly services: Collection<SourcedObject<Service>>;
  readonly endpointSlices: Collection<SourcedObject<EndpointSlice>>;
  readonly pods: Collection<SourcedObject<Pod>>;
  readonly secrets: Collection<SourcedObject<Secret>>;
  readonly configMaps: Collection<SourcedObject<ConfigMap>>;
  readonly gatewayClasses: Collection<SourcedObject<GatewayClass>>;
  readonly gateways: Collection<SourcedObject<Gateway>>;
  readonly httpRoutes: Collection<SourcedObject<HTTPRoute>>;
  readonly grpcRoutes: Collection<SourcedObject<GRPCRoute>>;
  readonly tlsRoutes: Collection<SourcedObject<TLSRoute>>;
  readonly tcpRoutes: Collection<SourcedObject<TCPRoute>>;
  readonly referenceGrants: Collection<SourcedObject<ReferenceGrant>>;
  readonly backendTlsPolicies: Collection<SourcedObject<BackendTLSPolicy>>;
  readonly backendTrafficPolicies: Collection<SourcedObject<XBackendTrafficPolicy>>;
  readonly authenticationPolicies: Collection<SourcedObject<AuthenticationPolicy>>;
  readonly authorizationPolicies: Collection<SourcedObject<AuthorizationPolicy>>;
  /** Valid objects of kinds that Waystone knows and does not serve yet. */
  readonly unserved: Collection<SourcedObject<KubernetesObject>>;
  /** What is wrong with the input, object by object; none where objects come from an API server. */
  readonly problems?: Collection<SourceProblem>;
  /** Those of them that may be there to protect, with no version in force; none where objects come from an API server. */
  readonly unread?: Collection<UnreadObject>;
  /** Where a field of an object in force is written ("spec.rules[0].name"), or the nearest one above it. */
  readonly positionOf?: (kind: string, key: string, fieldPath: string) => SourceOrigin | undefined;
  /** What only a cluster has; undefined for files. */
  readonly cluster?: ClusterOnlySources;
}

/** What decides whether a Service may be captured, and how its waypoint is deployed. */
export interface ClusterOnlySources {
  /** Our own: that of the controller. Nothing in it is captured. */
  readonly ownNamespace: string;
  readonly statefulSets: Collection<SourcedObject<StatefulSet>>;
  readonly networkPolicies: Collection<SourcedObject<NetworkPolicy>>;
  readonly waypointParameters: Collection<SourcedObject<WaypointParameters>>;
  /** Services that the API server itself calls, by "<Kind>/<name>" of what names them. */
  readonly apiServerBackends: Collection<ApiServerBackend>;
  /** Services that Prometheus scrapes through their own ports, where the ServiceMonitor kind is installed. */
  readonly serviceMonitors: Collection<SourcedObject<ServiceMonitor>>;
  /** The groups and kinds that the API server does not serve (yet), such as "HTTPRoute.gateway.networking.k8s.io". */
  readonly absentKinds: Collection<AbsentKind>;
  /** What something names and we do not read. */
  readonly refusedSecrets: Collection<RefusedName>;
  readonly refusedConfigMaps: Collection<RefusedName>;
  /** Whether the cluster keeps source addresses: one item, or none while nothing is known. */
  readonly sourceProbe?: Collection<SourceProbeResult>;
}

export interface ApiServerBackend {
  /** "MutatingWebhookConfiguration/x", "APIService/v1.metrics", "CustomResourceDefinition/x". */
  readonly key: string;
  /** "<namespace>/<name>" of each Service. */
  readonly services: readonly string[];
}

export interface RefusedName {
  /** "<namespace>/<name>" */
  readonly key: string;
  /** Nobody lets us read it, or as many others are followed as may be at a time: of all namespaces, or of its own. */
  readonly why: "forbidden" | "too-many" | "too-many-of-namespace";
}

export interface AbsentKind {
  /** "HTTPRoute.gateway.networking.k8s.io" */
  readonly key: string;
}

/** "file:line:column: Kind namespace/name: field: message; hint", as far as each is known. */
export function describeProblem(problem: SourceProblem): string {
  const { file, line, column, kind, namespace, name, fieldPath, message, hint } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const path = [namespace, name].filter((part) => part !== undefined).join("/");
  const object = [kind, path].filter((part) => part !== undefined && part !== "").join(" ");
  const text = [place, object, fieldPath, message]
    .filter((part) => part !== undefined && part !== "")
    .join(": ");
  return hint === undefined ? text : `${text}; ${hint}`;
}

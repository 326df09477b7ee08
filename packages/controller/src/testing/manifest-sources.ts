/**
 * For tests: the model's sources, fed with manifests as text. The text passes the same parser and schemas as files do; what
 * is wrong in it fails the test. Every object is generation 1, until it is applied again with other content. With
 * `cluster`, objects are as an API server has them, its own kinds included.
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
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import { formatManifestError } from "../ingest/manifest-error.ts";
import { parseDocument } from "../ingest/parse-manifest.ts";
import { splitDocuments } from "../ingest/split-documents.ts";
import { validateObject } from "../ingest/validate-object.ts";
import type {
  AbsentKind,
  ApiServerBackend,
  ClusterOnlySources,
  RefusedName,
  SourcedObject,
  SourceProblem,
  Sources,
} from "../model/sources.ts";
import { parseClusterObjects } from "./cluster-manifests.ts";

export interface ManifestSources {
  readonly graph: CollectionGraph;
  readonly sources: Sources;
  /** Adds or replaces, all in one change. */
  apply(text: string): void;
  applyObjects(objects: readonly KubernetesObject[]): void;
  /** "HTTPRoute", "shop/web" */
  remove(kind: string, key: string): void;
  /** The newest version of an object is bad: the last good one stays. */
  spoil(kind: string, key: string, problem: SourceProblem): void;
  /** Which Services the API server calls, and which kinds it does not know; with `cluster` alone. */
  readonly apiServerBackends: SourceCollection<ApiServerBackend>;
  readonly absentKinds: SourceCollection<AbsentKind>;
  /** Which Secrets and ConfigMaps we do not read; with `cluster` alone. */
  readonly refusedSecrets: SourceCollection<RefusedName>;
  readonly refusedConfigMaps: SourceCollection<RefusedName>;
}

type AnySource = SourceCollection<SourcedObject<KubernetesObject>>;

export interface ManifestSourcesOptions {
  /** The controller's own namespace. */
  readonly cluster?: { readonly ownNamespace: string };
}

export function createManifestSources(text = "", { cluster }: ManifestSourcesOptions = {}): ManifestSources {
  const graph = createCollectionGraph();
  const make = <T>(name: string): SourceCollection<SourcedObject<T>> =>
    graph.source({ name, key: ({ key }) => key });
  const unserved = graph.source<SourcedObject<KubernetesObject>>({
    name: "unserved",
    key: ({ object, key }) => `${object.kind}/${key}`,
  });
  const byKind = {
    Namespace: make<Namespace>("namespaces"),
    Service: make<Service>("services"),
    EndpointSlice: make<EndpointSlice>("endpointSlices"),
    Pod: make<Pod>("pods"),
    Secret: make<Secret>("secrets"),
    ConfigMap: make<ConfigMap>("configMaps"),
    GatewayClass: make<GatewayClass>("gatewayClasses"),
    Gateway: make<Gateway>("gateways"),
    HTTPRoute: make<HTTPRoute>("httpRoutes"),
    GRPCRoute: make<GRPCRoute>("grpcRoutes"),
    TLSRoute: make<TLSRoute>("tlsRoutes"),
    TCPRoute: make<TCPRoute>("tcpRoutes"),
    ReferenceGrant: make<ReferenceGrant>("referenceGrants"),
    BackendTLSPolicy: make<BackendTLSPolicy>("backendTlsPolicies"),
    XBackendTrafficPolicy: make<XBackendTrafficPolicy>("backendTrafficPolicies"),
    AuthenticationPolicy: make<AuthenticationPolicy>("authenticationPolicies"),
    AuthorizationPolicy: make<AuthorizationPolicy>("authorizationPolicies"),
  };
  const onlyCluster = {
    StatefulSet: make<StatefulSet>("statefulSets"),
    NetworkPolicy: make<NetworkPolicy>("networkPolicies"),
    ServiceMonitor: make<ServiceMonitor>("serviceMonitors"),
    WaypointParameters: make<WaypointParameters>("waypointParameters"),
  };
  const apiServerBackends = graph.source<ApiServerBackend>({ name: "backends", key: ({ key }) => key });
  const absentKinds = graph.source<AbsentKind>({ name: "absentKinds", key: ({ key }) => key });
  const refusedConfigMaps = graph.source<RefusedName>({ name: "refusedConfigMaps", key: ({ key }) => key });
  const refusedSecrets = graph.source<RefusedName>({ name: "refusedSecrets", key: ({ key }) => key });
  const known = cluster === undefined ? byKind : { ...byKind, ...onlyCluster };
  const sourceOf = (kind: string): AnySource =>
    kind in known ? known[kind as keyof typeof byKind] : unserved;
  const set = (object: KubernetesObject): void => {
    const { namespace, name } = object.metadata;
    const key = namespace === undefined ? name : `${namespace}/${name}`;
    const source = sourceOf(object.kind);
    const before =
      source.get(source === unserved ? `${object.kind}/${key}` : key)?.object.metadata.generation ?? 0;
    source.set({ key, object: { ...object, metadata: { generation: before + 1, ...object.metadata } } });
  };
  const sources: ManifestSources = {
    graph,
    sources: {
      namespaces: byKind.Namespace,
      services: byKind.Service,
      endpointSlices: byKind.EndpointSlice,
      pods: byKind.Pod,
      secrets: byKind.Secret,
      configMaps: byKind.ConfigMap,
      gatewayClasses: byKind.GatewayClass,
      gateways: byKind.Gateway,
      httpRoutes: byKind.HTTPRoute,
      grpcRoutes: byKind.GRPCRoute,
      tlsRoutes: byKind.TLSRoute,
      tcpRoutes: byKind.TCPRoute,
      referenceGrants: byKind.ReferenceGrant,
      backendTlsPolicies: byKind.BackendTLSPolicy,
      backendTrafficPolicies: byKind.XBackendTrafficPolicy,
      authenticationPolicies: byKind.AuthenticationPolicy,
      authorizationPolicies: byKind.AuthorizationPolicy,
      unserved,
      ...(cluster !== undefined && {
        cluster: clusterOnly(onlyCluster, cluster.ownNamespace, {
          apiServerBackends,
          absentKinds,
          refusedSecrets,
          refusedConfigMaps,
        }),
      }),
    },
    apiServerBackends,
    absentKinds,
    refusedSecrets,
    refusedConfigMaps,
    apply: (more) =>
      sources.applyObjects(cluster === undefined ? parseManifests(more) : parseClusterObjects(more)),
    applyObjects: (objects) => graph.batch(() => objects.forEach(set)),
    remove: (kind, key) => sourceOf(kind).delete(key),
    spoil(kind, key, problem) {
      const good = sourceOf(kind).get(key);
      if (good === undefined) throw new Error(`there is no ${kind} ${key}`);
      sourceOf(kind).set({ ...good, problem });
    },
  };
  if (text !== "") sources.apply(text);
  return sources;
}

function clusterOnly(
  collections: {
    readonly StatefulSet: ClusterOnlySources["statefulSets"];
    readonly NetworkPolicy: ClusterOnlySources["networkPolicies"];
    readonly ServiceMonitor: ClusterOnlySources["serviceMonitors"];
    readonly WaypointParameters: ClusterOnlySources["waypointParameters"];
  },
  ownNamespace: string,
  rest: Pick<
    ClusterOnlySources,
    "apiServerBackends" | "absentKinds" | "refusedSecrets" | "refusedConfigMaps"
  >,
): ClusterOnlySources {
  return {
    ownNamespace,
    statefulSets: collections.StatefulSet,
    networkPolicies: collections.NetworkPolicy,
    serviceMonitors: collections.ServiceMonitor,
    waypointParameters: collections.WaypointParameters,
    ...rest,
  };
}

export function parseManifests(text: string): KubernetesObject[] {
  return splitDocuments(Buffer.from(text)).flatMap((document) => {
    const parsed = parseDocument(document);
    const { objects, issue } = parsed;
    if (issue !== undefined) throw new Error(`line ${issue.position.line}: ${issue.message}`);
    return objects.map((object) => {
      const validated = validateObject(object, { file: "input", ...object.position }, () => parsed.tree());
      if (validated.is === "good") return validated.object;
      if (validated.is === "foreign") throw new Error(`${validated.kind} is not a kind that Waystone knows`);
      throw new Error(validated.errors.map(formatManifestError).join("\n"));
    });
  });
}

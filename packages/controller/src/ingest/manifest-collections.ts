/** The collections that files become, and how what changed in the store is written to them. */
import type {
  ConfigMap,
  EndpointSlice,
  Namespace,
  Pod,
  Secret,
  Service,
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
import type { AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import type { Collection, CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import type { ServedKind } from "./known-kinds.ts";
import type { StoreChanges } from "./object-store.ts";
import type { ManifestProblem, SourcedObject } from "./sourced-object.ts";

export interface ManifestCollections {
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
  readonly authorizationPolicies: Collection<SourcedObject<AuthorizationPolicy>>;
  /** Objects of Gateway API kinds that are not served yet, by "<Kind>/<key>". */
  readonly unserved: Collection<SourcedObject<KubernetesObject>>;
  /** All that is wrong with the files now. */
  readonly problems: Collection<ManifestProblem>;
}

export interface OpenedCollections {
  readonly collections: ManifestCollections;
  /** Writes the changes in one batch. */
  write(changes: StoreChanges): void;
}

type AnySource = SourceCollection<SourcedObject<KubernetesObject>>;

export function openCollections(graph: CollectionGraph): OpenedCollections {
  const writers = new Map<ServedKind, AnySource>();
  const open = <T extends KubernetesObject>(kind: ServedKind): Collection<SourcedObject<T>> => {
    const source = graph.source<SourcedObject<T>>({
      name: `manifests ${kind}`,
      key: ({ key }) => key,
      equals: Object.is,
    });
    // What is written here has passed the schema of its kind.
    writers.set(kind, source);
    return source;
  };
  const unserved: AnySource = graph.source({
    name: "manifests not served",
    key: unservedKey,
    equals: Object.is,
  });
  const problems = graph.source<ManifestProblem>({ name: "manifest problems", key: ({ key }) => key });
  const collections = {
    namespaces: open<Namespace>("Namespace"),
    services: open<Service>("Service"),
    endpointSlices: open<EndpointSlice>("EndpointSlice"),
    pods: open<Pod>("Pod"),
    secrets: open<Secret>("Secret"),
    configMaps: open<ConfigMap>("ConfigMap"),
    gatewayClasses: open<GatewayClass>("GatewayClass"),
    gateways: open<Gateway>("Gateway"),
    httpRoutes: open<HTTPRoute>("HTTPRoute"),
    grpcRoutes: open<GRPCRoute>("GRPCRoute"),
    tlsRoutes: open<TLSRoute>("TLSRoute"),
    tcpRoutes: open<TCPRoute>("TCPRoute"),
    referenceGrants: open<ReferenceGrant>("ReferenceGrant"),
    backendTlsPolicies: open<BackendTLSPolicy>("BackendTLSPolicy"),
    backendTrafficPolicies: open<XBackendTrafficPolicy>("XBackendTrafficPolicy"),
    authorizationPolicies: open<AuthorizationPolicy>("AuthorizationPolicy"),
    unserved,
    problems,
  };
  const write = (changes: StoreChanges): void =>
    graph.batch(() => {
      for (const { kind, key, item } of changes.objects) {
        // The store sets an item anew only where it differs: comparing again would be the same work twice.
        const served = writers.get(kind.kind as ServedKind);
        const target = served ?? unserved;
        if (item !== undefined) target.set(item);
        else target.delete(served === undefined ? `${kind.kind}/${key}` : key);
      }
      for (const { key, problem } of changes.problems) {
        if (problem === undefined) problems.delete(key);
        else problems.set(problem);
      }
    });
  return { collections, write };
}

function unservedKey({ key, object }: SourcedObject<KubernetesObject>): string {
  return `${object.kind}/${key}`;
}

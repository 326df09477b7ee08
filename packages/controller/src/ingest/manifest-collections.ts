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
import type { AuthenticationPolicy, AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import type { Collection, CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import type { UnreadObject } from "../model/unread-object.ts";
import type { ServedKind } from "./known-kinds.ts";
import type { StoreChanges } from "./object-store.ts";
import type { ManifestProblem, SourcedObject } from "./sourced-object.ts";

/** What the model reads (model/sources.ts), but for what only a cluster has: the compiler says where something is missing. */
export type ManifestCollections = OpenedCollections["collections"];

export type OpenedCollections = ReturnType<typeof openCollections>;

type AnySource = SourceCollection<SourcedObject<KubernetesObject>>;

export function openCollections(graph: CollectionGraph) {
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
  const unread = graph.source<UnreadObject>({ name: "manifests that cannot be read", key: ({ key }) => key });
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
    authenticationPolicies: open<AuthenticationPolicy>("AuthenticationPolicy"),
    authorizationPolicies: open<AuthorizationPolicy>("AuthorizationPolicy"),
    /** Objects of Gateway API kinds that are not served yet, by "<Kind>/<key>". */
    unserved: readOnly(unserved),
    /** All that is wrong with the files now. */
    problems: readOnly(problems),
    /** What may be there to protect and of which no version is in force. */
    unread: readOnly(unread),
  };
  /** Writes the changes in one batch. */
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
      for (const { key, unread: item } of changes.unread) {
        if (item === undefined) unread.delete(key);
        else unread.set(item);
      }
    });
  return { collections, write };
}

function readOnly<T>(collection: Collection<T>): Collection<T> {
  return collection;
}

function unservedKey({ key, object }: SourcedObject<KubernetesObject>): string {
  return `${object.kind}/${key}`;
}

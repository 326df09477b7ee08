/**
 * The world of a live cluster: what its objects say now, through the controller's own model and translation. Who serves a Service
 * is what its shadow says; whether every waypoint runs it by now is what the controller wrote into its conditions.
 */
import { parseIp } from "@waystone/base/ip";
import { systemClock } from "@waystone/base/clock";
import { captureKeys, useWaypointNamespaceKey } from "@waystone/api/names";
import type { BackendTLSPolicy } from "@waystone/api/kubernetes/gateway";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { AuthenticationPolicy } from "@waystone/api/kubernetes/waystone";
import type { Collection, SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { createController } from "@waystone/controller/app";
import type { SourcedObject, Sources } from "@waystone/controller/model/sources";
import { configMapsOfAuthentication } from "@waystone/controller/translate/policy/authentication-settings";
import type { Transport } from "@waystone/kube/transport/transport";
import { withCluster } from "../cluster/connect-cluster.ts";
import type { ClusterOptions } from "../flags/cluster-options.ts";
import { parseServiceName } from "./find-port.ts";
import type { Concern } from "./open-world.ts";
import { ClusterReader, type ReadKind } from "./read-cluster.ts";
import { openFileWorld, silent, type World } from "./world.ts";

type Objects = ReadonlyMap<ReadKind, readonly KubernetesObject[]>;
type ReadObjects = Pick<ClusterReader, "gaps" | "unreadConfigMaps"> & { readonly objects: Objects };

export async function openClusterWorld(options: ClusterOptions, concern: Concern): Promise<World> {
  return await withCluster(options, ({ transport }) => readWorld(transport, concern));
}

/** What concerns a question, by what the transport's user may read. */
export async function readWorld(transport: Transport, concern: Concern): Promise<World> {
  const reader = new ClusterReader(transport);
  await readConcern(reader, concern);
  return buildWorld(reader);
}

/** The cluster as it is, and as it would be with the objects of these files. */
export async function openClusterWorlds(
  options: ClusterOptions,
  paths: readonly string[],
): Promise<{ readonly before: World; readonly after: World }> {
  const files = await openFileWorld(paths);
  try {
    const reader = await withCluster(options, async ({ transport }) => {
      const opened = new ClusterReader(transport);
      await Promise.all([opened.readNamespace(options.namespace ?? ""), opened.readPods("")]);
      await readConfigMaps(opened);
      return opened;
    });
    const { objects, gaps, unreadConfigMaps } = reader;
    const after = { objects: withFiles(objects, files.sources), gaps, unreadConfigMaps };
    return { before: buildWorld(reader), after: buildWorld(after) };
  } finally {
    files.close();
  }
}

/** Of the client's and the Service's namespace, and of those that they lead to. */
async function readConcern(reader: ClusterReader, { names, from }: Concern): Promise<void> {
  const address = parseIp(from);
  const [client = ""] = address === undefined ? from.replace(/^(pod|sa)\//, "").split("/") : [];
  const first = [...names.map((name) => parseServiceName(name).split("/")[0]!), client];
  await Promise.all(first.filter((each) => each !== "").map((each) => reader.readNamespace(each)));
  if (address !== undefined) await reader.readPodsAt(address);
  else if (client !== "") await reader.readPods(client);
  await Promise.all([...namespacesOf(reader.objects)].map((each) => reader.readNamespace(each)));
  await readConfigMaps(reader);
}

/** Where routes send requests to, and where the waypoints are. */
function namespacesOf(objects: Objects): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of ["httpRoutes", "grpcRoutes", "tlsRoutes", "tcpRoutes"] as const) {
    for (const object of objects.get(name) ?? []) {
      for (const namespace of referredNamespaces(object)) found.add(namespace);
    }
  }
  for (const { metadata } of [...(objects.get("services") ?? []), ...(objects.get("namespaces") ?? [])]) {
    const waypoint = metadata.annotations?.[captureKeys.waypoint]?.split("/")[0];
    const asked =
      metadata.annotations?.[useWaypointNamespaceKey] ?? metadata.labels?.[useWaypointNamespaceKey];
    for (const namespace of [waypoint, asked]) if (namespace !== undefined) found.add(namespace);
  }
  return found;
}

/** Every "namespace" of a backendRef, wherever it stands: of rules, of filters. */
function referredNamespaces(object: unknown): readonly string[] {
  if (Array.isArray(object)) return object.flatMap(referredNamespaces);
  if (typeof object !== "object" || object === null) return [];
  return Object.entries(object).flatMap(([name, value]: [string, unknown]) => {
    if (name === "metadata" || name === "status" || name === "parentRefs") return [];
    return name === "namespace" && typeof value === "string" ? [value] : referredNamespaces(value);
  });
}

/** Those that policies trust certificates or take keys of, by their names. */
async function readConfigMaps(reader: ClusterReader): Promise<void> {
  const { objects } = reader;
  const authorities = (objects.get("backendTlsPolicies") ?? []).flatMap((policy) => {
    const { metadata, spec } = policy as BackendTLSPolicy;
    return (spec.validation.caCertificateRefs ?? []).map(({ name }) => `${metadata.namespace}/${name}`);
  });
  const keys = (objects.get("authenticationPolicies") ?? []).flatMap((policy) => {
    const { metadata, spec } = policy as AuthenticationPolicy;
    return configMapsOfAuthentication(metadata.namespace ?? "", spec);
  });
  await Promise.all(
    [...new Set([...authorities, ...keys])].map((each) => {
      const [namespace = "", name = ""] = each.split("/");
      return reader.readConfigMap(namespace, name);
    }),
  );
}

/** Objects of files take the place of those of the same name. */
function withFiles(objects: Objects, files: Sources): Objects {
  const merged = new Map(objects);
  for (const name of collectionNames) {
    const given = files[name].list().map(({ object }): KubernetesObject => object);
    if (given.length > 0) merged.set(name, [...(objects.get(name) ?? []), ...given]);
  }
  return merged;
}

const collectionNames = [
  "namespaces",
  "services",
  "endpointSlices",
  "pods",
  "configMaps",
  "gateways",
  "httpRoutes",
  "grpcRoutes",
  "tlsRoutes",
  "tcpRoutes",
  "referenceGrants",
  "backendTlsPolicies",
  "backendTrafficPolicies",
  "authenticationPolicies",
  "authorizationPolicies",
] as const satisfies readonly (keyof Sources)[];

type AnySource = SourceCollection<SourcedObject<KubernetesObject>>;

function buildWorld({ objects, gaps, unreadConfigMaps }: ReadObjects): World {
  const errors: string[] = [];
  const graph = createCollectionGraph({ onError: (error) => errors.push(error.message) });
  const empty = <T>(name: string): Collection<T> => graph.source<T>({ name, key: () => name });
  const writers = new Map<ReadKind, AnySource>();
  const open = <T extends KubernetesObject>(name: ReadKind): Collection<SourcedObject<T>> => {
    const source = graph.source<SourcedObject<T>>({ name: `cluster ${name}`, key: ({ key }) => key });
    // The API server has checked it by the kind's schema, or the files' reader has.
    writers.set(name, source);
    return source;
  };
  const sources: Sources = {
    namespaces: open("namespaces"),
    services: open("services"),
    endpointSlices: open("endpointSlices"),
    pods: open("pods"),
    secrets: empty("secrets"),
    configMaps: open("configMaps"),
    gatewayClasses: empty("gatewayclasses"),
    gateways: open("gateways"),
    httpRoutes: open("httpRoutes"),
    grpcRoutes: open("grpcRoutes"),
    tlsRoutes: open("tlsRoutes"),
    tcpRoutes: open("tcpRoutes"),
    referenceGrants: open("referenceGrants"),
    backendTlsPolicies: open("backendTlsPolicies"),
    backendTrafficPolicies: open("backendTrafficPolicies"),
    authenticationPolicies: open("authenticationPolicies"),
    authorizationPolicies: open("authorizationPolicies"),
    unserved: empty("unserved"),
    cluster: {
      ownNamespace: "",
      statefulSets: empty("statefulsets"),
      networkPolicies: empty("networkpolicies"),
      waypointParameters: empty("waypointparameters"),
      apiServerBackends: empty("api-server-backends"),
      serviceMonitors: empty("servicemonitors"),
      absentKinds: empty("absent-kinds"),
      refusedSecrets: empty("refused-secrets"),
      refusedConfigMaps: empty("refused-configmaps"),
    },
  };
  graph.batch(() => {
    for (const name of collectionNames) {
      for (const object of objects.get(name) ?? []) {
        const { namespace, name: own } = object.metadata;
        writers.get(name)?.set({ key: namespace === undefined ? own : `${namespace}/${own}`, object });
      }
    }
  });
  const controller = createController({
    source: sources,
    graph,
    clock: systemClock,
    logger: silent,
    standalone: false,
  });
  return {
    sources,
    model: controller.model,
    catalog: controller.catalog,
    isLive: true,
    gaps,
    whyUnread: (kind, key) => {
      if (kind === "ConfigMap")
        return unreadConfigMaps.has(key) ? `you may not read ConfigMap ${key}` : undefined;
      return sources.secrets.get(key) === undefined ? `Secret ${key} is not read from a cluster` : undefined;
    },
    problems: () => errors,
    positionOf: () => undefined,
    close: () => controller.close(),
  };
}

/**
 * For tests: an API server whose objects are the deployer's sources (without the delay and the checks of the reflectors that
 * fill them in a cluster), and a deployer beside it.
 */
import type { Namespace, Service } from "@waystone/api/kubernetes/core";
import type { Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import type { WaypointParameters } from "@waystone/api/kubernetes/waystone";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import type { CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { EventNews } from "@waystone/kube/events";
import type { KubeObject } from "@waystone/kube/kube-object";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import { textAt } from "@waystone/testkit/faulty-api-server/json";
import { buildDeployModel, type DeployModel } from "../deploy/deploy-model.ts";
import type { CaBundle } from "../deploy/deploy-plans.ts";
import { type DeploySettings } from "../deploy/deploy-settings.ts";
import { type Deployer, openDeployer } from "../deploy/open-deployer.ts";
import type { AbsentKind, SourcedObject, Sources } from "../model/sources.ts";

export const testDeploySettings: DeploySettings = {
  image: "waystone:1.2.3",
  pullPolicy: "IfNotPresent",
  controllerAddress: "waystone-push.waystone-system.svc:15010",
  ownNamespace: "waystone-system",
  clusterDomain: "cluster.local",
};

export interface DeploySources {
  readonly graph: CollectionGraph;
  readonly sources: Sources;
  readonly caBundle: SourceCollection<CaBundle>;
  readonly absentKinds: SourceCollection<AbsentKind>;
  /** Adds or replaces; false: a kind that the deployer does not read. */
  set(object: KubeObject): boolean;
  delete(kind: string, key: string): void;
}

export function createDeploySources(): DeploySources {
  const graph = createCollectionGraph();
  const make = <T>(name: string): SourceCollection<SourcedObject<T>> =>
    graph.source({ name, key: ({ key }) => key });
  const absentKinds = graph.source<AbsentKind>({ name: "absentKinds", key: ({ key }) => key });
  const gateways = make<Gateway>("gateways");
  const gatewayClasses = make<GatewayClass>("gatewayClasses");
  const namespaces = make<Namespace>("namespaces");
  const services = make<Service>("services");
  const waypointParameters = make<WaypointParameters>("waypointParameters");
  const byKind = new Map<string, SourceCollection<SourcedObject<KubeObject>>>();
  const register = <T extends KubeObject>(kind: string, source: SourceCollection<SourcedObject<T>>): void => {
    byKind.set(kind, source);
  };
  register("Gateway", gateways);
  register("GatewayClass", gatewayClasses);
  register("Namespace", namespaces);
  register("Service", services);
  register("WaypointParameters", waypointParameters);
  const sources: Sources = {
    namespaces,
    services,
    gateways,
    gatewayClasses,
    endpointSlices: make("endpointSlices"),
    pods: make("pods"),
    secrets: make("secrets"),
    configMaps: make("configMaps"),
    httpRoutes: make("httpRoutes"),
    grpcRoutes: make("grpcRoutes"),
    tlsRoutes: make("tlsRoutes"),
    tcpRoutes: make("tcpRoutes"),
    referenceGrants: make("referenceGrants"),
    backendTlsPolicies: make("backendTlsPolicies"),
    backendTrafficPolicies: make("backendTrafficPolicies"),
    authenticationPolicies: make("authenticationPolicies"),
    authorizationPolicies: make("authorizationPolicies"),
    unserved: make("unserved"),
    cluster: {
      ownNamespace: testDeploySettings.ownNamespace,
      statefulSets: make("statefulSets"),
      networkPolicies: make("networkPolicies"),
      waypointParameters,
      apiServerBackends: graph.source({ name: "apiServerBackends", key: ({ key }) => key }),
      serviceMonitors: make("serviceMonitors"),
      refusedSecrets: graph.source({ name: "refusedSecrets", key: ({ key }) => key }),
      refusedConfigMaps: graph.source({ name: "refusedConfigMaps", key: ({ key }) => key }),
      absentKinds,
    },
  };
  return {
    graph,
    sources,
    absentKinds,
    caBundle: graph.source<CaBundle>({ name: "ca-bundle", key: () => "ca" }),
    set(object) {
      const source = byKind.get(object.kind ?? "");
      source?.set({ key: keyOf(object), object });
      return source !== undefined;
    },
    delete: (kind, key) => byKind.get(kind)?.delete(key),
  };
}

export interface DeployWorld extends DeploySources {
  readonly api: ApiWorld;
  readonly model: DeployModel;
  readonly events: EventNews[];
  /** "PATCH /api/v1/..." of what was written since the last call. */
  writes(): readonly string[];
  open(): Deployer;
  close(): Promise<void>;
}

export async function openDeployWorld(): Promise<DeployWorld> {
  const api = await openApiWorld();
  const known = createDeploySources();
  const { graph, sources, caBundle } = known;
  api.server.store.subscribe(({ key, before, after }) => {
    if (after === undefined) known.delete(textAt(before, "kind") ?? "", key);
    else known.set(JSON.parse(JSON.stringify(after)) as KubeObject);
  });
  caBundle.set({ pem: "CA 1\n" });
  const model = buildDeployModel({ graph, sources, settings: testDeploySettings, caBundle });
  const events: EventNews[] = [];
  const deployers: Deployer[] = [];
  let seen = 0;
  return {
    ...known,
    api,
    model,
    events,
    writes() {
      const fresh = api.server.seen.slice(seen);
      seen = api.server.seen.length;
      return fresh.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
    },
    open() {
      const { transport, clock } = api;
      const deployer = openDeployer({
        model,
        transport,
        clock,
        rng: seededRng(1),
        logger: silentLogger,
        record: (_, news) => events.push(news),
      });
      deployers.push(deployer);
      return deployer;
    },
    async close() {
      await Promise.all(deployers.map((deployer) => deployer.close()));
      await api.close();
    },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

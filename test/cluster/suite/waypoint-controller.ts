/**
 * As much of a controller as a waypoint needs to live: sources from the API server, the deployer, and the push channel with
 * its certificates and token reviews, here in node-1's network. What is pushed is what the test says, so that waypoints are
 * tested apart from how configuration comes about.
 */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { systemClock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { systemRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type ClusterSources, openClusterSources } from "@waystone/controller/cluster/cluster-sources";
import { buildDeployModel, type DeployModel } from "@waystone/controller/deploy/deploy-model";
import type { CaBundle } from "@waystone/controller/deploy/deploy-plans";
import { type Deployer, openDeployer } from "@waystone/controller/deploy/open-deployer";
import { openPush, type Push } from "@waystone/controller/serve/open-push";
import { findCluster } from "@waystone/kube/find-cluster";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import type { CatalogChange, ConnectedNode, EncodedResource, ResourceCatalog } from "@waystone/xds/resource";
import { createDeltaServer } from "@waystone/xds/server/delta-server";
import { nodeAddress } from "../addresses.ts";
import type { RunningCluster } from "../running-cluster.ts";

const domain = "cluster.local";
const parts = { clock: systemClock, rng: systemRng, logger: silentLogger };

export class WaypointController {
  readonly model: DeployModel;
  /** Node ids of waypoints that are connected, "<namespace>/<gateway>/<pod>". */
  readonly connected: ReadonlySet<string>;
  /** "PATCH /apis/..." of every write, oldest first. */
  readonly writes: readonly string[];
  readonly #transport: Transport;
  readonly #sources: ClusterSources;
  readonly #push: Push;
  readonly #catalog: FixedCatalog;
  #deployer: Deployer;

  private constructor(made: {
    readonly model: DeployModel;
    readonly transport: Transport;
    readonly sources: ClusterSources;
    readonly push: Push;
    readonly catalog: FixedCatalog;
    readonly connected: ReadonlySet<string>;
    readonly writes: readonly string[];
  }) {
    this.model = made.model;
    this.connected = made.connected;
    this.writes = made.writes;
    this.#transport = made.transport;
    this.#sources = made.sources;
    this.#push = made.push;
    this.#catalog = made.catalog;
    this.#deployer = this.#openDeployer();
  }

  /** Its namespace, with a headless Service that leads here, is there when this returns. */
  static async start(cluster: RunningCluster, namespace: string, image: string): Promise<WaypointController> {
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(pushPlace(namespace)));
    const config = await findCluster({ environment: cluster.environment, clock: systemClock });
    const writes: string[] = [];
    const transport = noting(openTransport(config, { clock: systemClock }), writes);
    const graph = createCollectionGraph();
    const sources = openClusterSources({ ...parts, transport, graph, ownNamespace: namespace });
    await sources.whenSynced();
    const caBundle = graph.source<CaBundle>({ name: "ca-bundle", key: () => "ca" });
    const connected = new Set<string>();
    const catalog = new FixedCatalog();
    const server = createDeltaServer({
      ...parts,
      catalog,
      observer: {
        connected: ({ id }: ConnectedNode) => void connected.add(id),
        disconnected: ({ id }: ConnectedNode) => void connected.delete(id),
        acknowledged: () => {},
      },
    });
    const model = buildDeployModel({
      graph,
      sources: sources.sources,
      caBundle,
      settings: {
        image,
        pullPolicy: "IfNotPresent",
        controllerAddress: `waystone-push.${namespace}.svc:15010`,
        ownNamespace: namespace,
        clusterDomain: domain,
      },
    });
    const push = openPush({
      ...parts,
      transport,
      server,
      sources: sources.sources,
      namespace,
      clusterDomain: domain,
      publishCa: (pem) => caBundle.set({ pem }),
    });
    await push.listening;
    return new WaypointController({ model, transport, sources, push, catalog, connected, writes });
  }

  /** What every waypoint is to run, all of it. */
  show(resources: readonly EncodedResource[]): void {
    this.#catalog.show(resources);
  }

  /** As the next leader would: with nothing remembered but what stands on the objects. */
  async deployAnew(): Promise<void> {
    await this.#deployer.close();
    this.#deployer = this.#openDeployer();
  }

  async stop(): Promise<void> {
    await this.#deployer.close();
    await this.#push.close();
    await this.#sources.close();
    await this.#transport.close();
  }

  #openDeployer(): Deployer {
    return openDeployer({ ...parts, model: this.model, transport: this.#transport });
  }
}

class FixedCatalog implements ResourceCatalog {
  readonly #listeners = new Set<(change: CatalogChange) => void>();
  #resources: readonly EncodedResource[] = [];

  show(resources: readonly EncodedResource[]): void {
    const changed = new Map<TypeUrl, Set<string>>();
    for (const { typeUrl, name } of [...this.#resources, ...resources]) {
      changed.set(typeUrl, (changed.get(typeUrl) ?? new Set()).add(name));
    }
    this.#resources = resources;
    for (const listener of this.#listeners) listener({ changed, urgent: true });
  }

  list(typeUrl: TypeUrl): Iterable<EncodedResource> {
    return typeUrl === typeUrls.workload ? [] : this.#resources.filter((each) => each.typeUrl === typeUrl);
  }

  get(typeUrl: TypeUrl, name: string): EncodedResource | undefined {
    return this.#resources.find((each) => each.typeUrl === typeUrl && each.name === name);
  }

  onChange(listener: (change: CatalogChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** The headless Service of the chart, whose only endpoint is node-1: where the tests run. */
function pushPlace(namespace: string): object {
  const port = { name: "push", port: 15010, protocol: "TCP" };
  const items = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "waystone-push", namespace },
      spec: { clusterIP: "None", ports: [port] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: "waystone-push-tests",
        namespace,
        labels: { "kubernetes.io/service-name": "waystone-push" },
      },
      addressType: "IPv4",
      endpoints: [{ addresses: [nodeAddress(1).v4], conditions: { ready: true } }],
      ports: [port],
    },
  ];
  return { apiVersion: "v1", kind: "List", items };
}

function noting(transport: Transport, writes: string[]): Transport {
  return {
    namespace: transport.namespace,
    request(request) {
      const { method = "GET", path } = request;
      if (method !== "GET") writes.push(`${method} ${path}`);
      return transport.request(request);
    },
    stream: (request) => transport.stream(request),
    close: () => transport.close(),
  };
}

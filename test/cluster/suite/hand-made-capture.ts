/**
 * Capture on a real API server without waypoints: sources, model, translation, plans and the leader's task run here, in
 * node-1's network; pods with a waypoint's labels stand for waypoints, and this takes and ACKs what they would be sent. What
 * real waypoints do with it is other suites' business.
 */
import { wildcardTypeUrls } from "@waystone/api/names";
import { systemClock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { systemRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { createController, type Controller } from "@waystone/controller/app";
import { openCapture } from "@waystone/controller/capture/open-capture";
import { type ClusterSources, openClusterSources } from "@waystone/controller/cluster/cluster-sources";
import { findCluster } from "@waystone/kube/find-cluster";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import { imageOf } from "../build/components.ts";
import type { RunningCluster } from "../running-cluster.ts";

const parts = { clock: systemClock, rng: systemRng, logger: silentLogger };

export class HandMadeCapture {
  readonly controller: Controller;
  /** Reasons of events, oldest first, by Service. */
  readonly events = new Map<string, string[]>();
  readonly metrics = new MetricsRegistry();
  readonly #transport: Transport;
  readonly #cluster: ClusterSources;
  readonly #acked = new Set<string>();
  #task: { close(): Promise<void> };
  readonly #stop: (() => void)[] = [];

  private constructor(transport: Transport, cluster: ClusterSources, controller: Controller) {
    this.controller = controller;
    this.#transport = transport;
    this.#cluster = cluster;
    this.#task = this.#lead();
    this.#stop.push(controller.catalog.onChange(() => this.#acknowledge()));
    this.#stop.push(cluster.sources.pods.subscribe(() => this.#acknowledge(), { replay: true }));
  }

  static async start({ environment }: RunningCluster): Promise<HandMadeCapture> {
    const config = await findCluster({ environment, clock: systemClock });
    const transport = openTransport(config, { clock: systemClock });
    const graph = createCollectionGraph();
    const cluster = openClusterSources({ ...parts, transport, graph, ownNamespace: "waystone-system" });
    await cluster.whenSynced();
    const controller = createController({ ...parts, source: cluster.sources, graph, standalone: false });
    return new HandMadeCapture(transport, cluster, controller);
  }

  /** As if this leader were gone and another came. */
  async changeLeader(): Promise<void> {
    await this.#task.close();
    this.#task = this.#lead();
  }

  async stop(): Promise<void> {
    await this.#task.close();
    for (const stop of this.#stop) stop();
    this.controller.close();
    await this.#cluster.close();
    await this.#transport.close();
  }

  #lead(): { close(): Promise<void> } {
    return openCapture({
      ...parts,
      ...this.controller.captures,
      transport: this.#transport,
      metrics: this.metrics,
      gateways: this.#cluster.sources.gateways,
      recordEvent: ({ namespace, name }, { reason }) => {
        const key = `${namespace}/${name}`;
        this.events.set(key, [...(this.events.get(key) ?? []), reason]);
      },
    });
  }

  /** Every pod that has a waypoint's labels takes all that it would be sent. */
  #acknowledge(): void {
    const { catalog, observer } = this.controller;
    for (const { object } of this.#cluster.sources.pods.list()) {
      const { namespace = "", name, labels } = object.metadata;
      const gateway = labels?.["waystone.dev/waypoint"];
      if (gateway === undefined) continue;
      const scope = `${namespace}/${gateway}`;
      const node = { id: `${scope}/${name}`, scope };
      if (!this.#acked.has(node.id)) observer.connected(node);
      this.#acked.add(node.id);
      for (const typeUrl of wildcardTypeUrls) {
        const verdicts = [...catalog.list(typeUrl, scope)].map((each) => ({
          name: each.name,
          version: each.version,
        }));
        observer.acknowledged(node, typeUrl, verdicts);
      }
    }
  }
}

/** Pods as the deployer labels them, that become Ready. */
export function standInWaypoint(namespace: string, gateway: string, node: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${gateway}-${node}`.slice(-63).replace(/^[^a-z0-9]+/, ""),
      namespace,
      labels: {
        "waystone.dev/waypoint": gateway,
        "gateway.networking.k8s.io/gateway-name": gateway,
        "app.kubernetes.io/managed-by": "waystone",
      },
    },
    spec: echoSpec(node),
  };
}

/** A backend whose ports have names. */
export function backendPod(namespace: string, name: string, node: string, labels: object): object {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, spec: echoSpec(node) };
}

function echoSpec(nodeName: string): object {
  return {
    nodeName,
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "echo",
        image: imageOf("echo"),
        args: ["serve", ":8080"],
        ports: [
          { name: "web", containerPort: 8080 },
          { name: "dns-udp", containerPort: 5353, protocol: "UDP" },
          { name: "sig", containerPort: 5060, protocol: "SCTP" },
        ],
        readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
      },
    ],
  };
}

/**
 * For tests: a cluster of plain objects with the whole way from objects to steps over it: sources (stripped as on arrival),
 * model, translation, the catalog of what waypoints are sent, their ACKs, plans, and the task that carries them out. Nothing
 * moves by itself: the watch shows what is delivered, waypoints ACK when they are told to, Kubernetes' controllers run when
 * they are called.
 */
import type { EndpointSlice, Pod, Service as ServiceObject } from "@waystone/api/kubernetes/core";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { sliceOwner, typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { Service } from "@waystone/api/resources";
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { seededRng } from "@waystone/base/rng";
import type { Collection, SourceCollection } from "@waystone/collection/collection";
import type { EventNews } from "@waystone/kube/events";
import type { Transport } from "@waystone/kube/transport/transport";
import type { ObjectStore, StoreEvent } from "@waystone/testkit/faulty-api-server/object-store";
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { ResourceCatalog } from "@waystone/xds/resource";
import { stripEndpointSlice, stripPod, stripService } from "../../cluster/strip/strip-core.ts";
import { buildCaptureViews } from "../../model/capture-views.ts";
import { buildModel } from "../../model/model.ts";
import { buildCatalog } from "../../push/catalog.ts";
import { AckTracker } from "../../status/ack-tracker.ts";
import { createManifestSources, type ManifestSources } from "../../testing/manifest-sources.ts";
import { translate } from "../../translate/translate.ts";
import { buildCapturePlans, type CaptureMemory, type PlannedCapture } from "../capture-plans.ts";
import { openCapture } from "../open-capture.ts";
import {
  collectGarbage,
  endpointSlicesOf,
  kindOf,
  parseObject,
  podsOf,
  put,
  servicesOf,
  syncEndpoints,
} from "./endpoints-controller.ts";

const same = (text: string): string => text;
/** Kind by the store's name of it, and what is kept of an object on arrival. */
const followed = new Map<
  string,
  { readonly kind: string; readonly strip: (object: object) => KubernetesObject }
>([
  ["services.", { kind: "Service", strip: (object) => stripService(object as ServiceObject, same) }],
  [
    "endpointslices.discovery.k8s.io",
    { kind: "EndpointSlice", strip: (object) => stripEndpointSlice(object as EndpointSlice, same) },
  ],
  ["pods.", { kind: "Pod", strip: (object) => stripPod(object as Pod, same) }],
  ["namespaces.", { kind: "Namespace", strip: (object) => object as KubernetesObject }],
  ["gateways.gateway.networking.k8s.io", { kind: "Gateway", strip: (object) => object as KubernetesObject }],
]);

export interface CaptureWorldOptions {
  readonly store: ObjectStore;
  readonly transport: Transport;
  readonly clock?: ManualClock;
}

export class CaptureWorld {
  readonly store: ObjectStore;
  readonly clock: ManualClock;
  readonly sources: ManifestSources;
  readonly plans: Collection<PlannedCapture>;
  readonly memory: SourceCollection<CaptureMemory>;
  readonly acks: AckTracker;
  readonly events: { readonly service: string; readonly news: EventNews }[] = [];
  readonly metrics = new MetricsRegistry();
  /** By node id: waypoint port to "<namespace>/<service> <port>", as it runs it. */
  readonly listening = new Map<string, ReadonlyMap<number, string>>();
  readonly #catalog: ResourceCatalog;
  readonly #transport: Transport;
  readonly #undelivered: StoreEvent[] = [];
  #task: { close(): Promise<void> } | undefined;
  #terms = 0;

  constructor({ store, transport, clock = new ManualClock() }: CaptureWorldOptions) {
    this.store = store;
    this.clock = clock;
    this.#transport = transport;
    this.sources = createManifestSources("", { cluster: { ownNamespace: "waystone-system" } });
    const { graph, sources } = this.sources;
    const model = buildModel(sources, graph, { standalone: false });
    const translated = translate(sources, model, graph);
    this.#catalog = buildCatalog(graph, model, translated);
    this.acks = new AckTracker(graph);
    this.memory = graph.source({ name: "capture-memory", key: ({ key }) => key });
    this.plans = buildCapturePlans(graph, {
      views: buildCaptureViews(graph, model),
      slicesByService: model.slicesByService,
      resources: translated.resources,
      acks: this.acks,
      memory: this.memory,
    });
    store.subscribe((event) => {
      if (followed.has(event.kind)) this.#undelivered.push(event);
    });
  }

  /** A leader begins. */
  open(): void {
    const { plans, memory, clock, metrics } = this;
    this.#task = openCapture({
      transport: this.#transport,
      plans,
      memory,
      gateways: this.sources.sources.gateways,
      clock,
      rng: seededRng(++this.#terms),
      logger: silentLogger,
      metrics,
      recordEvent: ({ namespace, name }, news) => this.events.push({ service: `${namespace}/${name}`, news }),
    });
  }

  async close(): Promise<void> {
    await this.#task?.close();
    this.#task = undefined;
  }

  put(plural: string, object: object): void {
    put(this.store, kindOf(plural), object);
  }

  remove(plural: string, key: string): void {
    this.store.remove(kindOf(plural), key);
  }

  service(key: string): ServiceObject | undefined {
    return this.services().find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key);
  }

  services(): readonly ServiceObject[] {
    return servicesOf(this.store);
  }

  /** Those that the controller writes. */
  ownSlices(): readonly EndpointSlice[] {
    return endpointSlicesOf(this.store).filter(
      ({ metadata }) => metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === sliceOwner,
    );
  }

  gateway(key: string): Gateway | undefined {
    const found = this.store.get(kindOf("gateways"), key);
    return found === undefined ? undefined : (parseObject(found) as Gateway);
  }

  /** The watches show what has been stored, all of it or the oldest `count` changes. */
  deliver(count = Number.POSITIVE_INFINITY): void {
    for (const event of this.#undelivered.splice(0, Math.min(count, this.#undelivered.length))) {
      const known = followed.get(event.kind);
      if (known === undefined) continue;
      if (event.after === undefined) this.sources.remove(known.kind, event.key);
      else this.sources.applyObjects([known.strip(parseObject(event.after))]);
    }
  }

  syncEndpoints(): void {
    syncEndpoints(this.store);
  }

  collectGarbage(): void {
    collectGarbage(this.store);
  }

  /** The waypoint pods that the watch shows take what they are sent, and say so. */
  acknowledge(pods: readonly Pod[] = this.waypointPods()): void {
    for (const { metadata } of pods) {
      const gateway = metadata.labels?.["waystone.dev/waypoint"] ?? "";
      const scope = `${metadata.namespace ?? ""}/${gateway}`;
      const node = { id: `${scope}/${metadata.name}`, scope };
      this.acks.disconnected(node);
      this.acks.connected(node);
      for (const typeUrl of wildcardTypeUrls) {
        const resources = [...this.#catalog.list(typeUrl, scope)];
        this.acks.acknowledged(
          node,
          typeUrl,
          resources.map(({ name, version }) => ({ name, version })),
        );
        if (typeUrl === typeUrls.service) this.listening.set(node.id, listenersOf(resources));
      }
    }
  }

  waypointPods(): readonly Pod[] {
    return podsOf(this.store).filter(
      ({ metadata }) => metadata.labels?.["waystone.dev/waypoint"] !== undefined,
    );
  }

  /** Until all promises have run. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Everybody does what they do, until nothing changes any more; time passes. */
  async quiesce(limit = 60): Promise<void> {
    for (let round = 0, quiet = 0; quiet < 3; round++) {
      if (round > limit) throw new Error("it never comes to rest");
      const { version } = this.store;
      this.collectGarbage();
      this.syncEndpoints();
      this.deliver();
      this.acknowledge();
      await this.settle();
      this.clock.advance(16_000);
      await this.settle();
      quiet = this.store.version === version ? quiet + 1 : 0;
    }
  }
}

function listenersOf(
  resources: readonly { readonly name: string; readonly body: Uint8Array }[],
): Map<number, string> {
  const found = new Map<number, string>();
  for (const { name, body } of resources) {
    for (const { port, listen } of Service.decode(body).ports) {
      for (const { port: number } of listen ?? []) found.set(number ?? 0, `${name} ${port}`);
    }
  }
  return found;
}

export function gateway(namespace: string, name: string): object {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
    spec: {
      gatewayClassName: "waystone-waypoint",
      listeners: [
        { name: "mesh", port: 15008, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
      ],
    },
  };
}

export interface PodOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly isReady?: boolean;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

export function pod(
  namespace: string,
  name: string,
  { labels, ip, isReady = true, ports = [] }: PodOptions,
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: { nodeName: "node-1", containers: [{ name: "main", ports }] },
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
    },
  };
}

export function waypointPodObject(
  namespace: string,
  waypointName: string,
  number: number,
  isReady = true,
): object {
  return pod(namespace, `${waypointName}-${number}`, {
    labels: {
      "waystone.dev/waypoint": waypointName,
      "gateway.networking.k8s.io/gateway-name": waypointName,
      "app.kubernetes.io/managed-by": "waystone",
    },
    ip: `198.18.${waypointName.length}.${number}`,
    isReady,
  });
}

export function namespaceObject(name: string, annotations: Readonly<Record<string, string>> = {}): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, annotations } };
}

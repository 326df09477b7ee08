/**
 * What is there of what the deployer makes: one collection per kind, filled by reflectors while this controller leads. Only
 * what carries our labels is followed (and every ConfigMap of that one name): a cluster's other Deployments cost nothing.
 */
import { gatewayNameLabel, managedBy, caObject } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { Collection, CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import type { KubeObject } from "@waystone/kube/kube-object";
import { openReflector } from "@waystone/kube/reflector/open-reflector";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import type { Transport } from "@waystone/kube/transport/transport";
import { type DeployedKind, deployedKey, deployedKinds } from "./deployed-kinds.ts";
import { managedByLabel } from "./object-metadata.ts";

export interface LiveObject {
  /** "Deployment/shop/waypoint" */
  readonly key: string;
  readonly kind: DeployedKind;
  /** "<namespace>/<name>" of the waypoint that it is a part of, by its label; undefined: of several, or of none. */
  readonly gateway: string | undefined;
  /** Made by Waystone. Anything else of that name is somebody's own. */
  readonly isOurs: boolean;
  /** Without managedFields and status. */
  readonly object: LiveContent;
  /** Of a Deployment. */
  readonly status?: LiveStatus | undefined;
}

export interface LiveContent extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly clusterIPs?: readonly string[];
  };
}

export interface LiveStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
}

export interface LiveObjects {
  readonly all: Collection<LiveObject>;
  readonly byKind: Readonly<Record<DeployedKind, SourceCollection<LiveObject>>>;
}

export const kindsInOrder = Object.keys(deployedKinds) as readonly DeployedKind[];

/** Once per graph; who leads fills them. */
export function createLiveObjects(graph: CollectionGraph): LiveObjects {
  const make = (kind: DeployedKind): [DeployedKind, SourceCollection<LiveObject>] => [
    kind,
    graph.source({ name: `live-${deployedKinds[kind].plural}`, key: ({ key }) => key }),
  ];
  const byKind = Object.fromEntries(kindsInOrder.map(make)) as LiveObjects["byKind"];
  return { byKind, all: graph.join("live-objects", Object.values(byKind)) };
}

export interface FollowOptions {
  readonly graph: CollectionGraph;
  readonly live: LiveObjects;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics?: MetricsRegistry | undefined;
}

export function followLiveObjects(options: FollowOptions): readonly Reflector[] {
  const { graph, live, transport, clock, rng, logger, metrics } = options;
  return kindsInOrder.map((kind) =>
    openReflector<LiveObject>({
      transport,
      resource: deployedKinds[kind],
      // A Role can allow watching one name in all namespaces, and no label: it is all ConfigMaps otherwise.
      ...(kind === "ConfigMap"
        ? { fieldSelector: `metadata.name=${caObject}` }
        : { labelSelector: `${managedByLabel}=${managedBy},${gatewayNameLabel}` }),
      into: live.byKind[kind],
      key: ({ key }) => key,
      strip: (object) => liveObject(kind, object),
      batch: (write) => graph.batch(write),
      clock,
      rng,
      logger,
      ...(metrics === undefined ? {} : { metrics }),
    }),
  );
}

export function liveObject(kind: DeployedKind, object: KubeObject): LiveObject {
  const { status, ...content } = object as KubeObject & { readonly status?: LiveStatus };
  const { managedFields: _, ...metadata } = content.metadata;
  const { namespace = "", labels } = metadata;
  const gateway = labels?.[gatewayNameLabel];
  return {
    key: deployedKey(kind, metadata),
    kind,
    gateway: gateway === undefined ? undefined : `${namespace}/${gateway}`,
    isOurs: labels?.[managedByLabel] === managedBy,
    object: { ...content, metadata },
    ...(kind === "Deployment" ? { status } : {}),
  };
}

/** What we wrote, or would have: everything but what changes with every write of anybody. */
export function fingerprint({ object }: LiveObject): string {
  const { resourceVersion: _, generation: __, ...metadata } = object.metadata;
  return JSON.stringify({ ...object, metadata });
}

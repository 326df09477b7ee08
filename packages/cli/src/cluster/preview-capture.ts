/**
 * What the controller would make of a cluster if a namespace or a Service were enrolled: the controller's own model over a
 * copy of the cluster's objects, one of them changed. Nothing is written.
 */
import type { Namespace, NetworkPolicy, Service } from "@waystone/api/kubernetes/core";
import { useWaypointKey, useWaypointNamespaceKey } from "@waystone/api/names";
import { systemClock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { systemRng } from "@waystone/base/rng";
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { CaptureTarget } from "@waystone/controller/capture/capture-view";
import { openClusterSources } from "@waystone/controller/cluster/cluster-sources";
import { buildModel } from "@waystone/controller/model/model";
import type { SourcedObject, Sources } from "@waystone/controller/model/sources";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import type { Target } from "./parse-target.ts";

export interface Enrolment {
  readonly target: Target;
  readonly waypoint: string;
  readonly waypointNamespace: string | undefined;
}

export interface Preview {
  readonly services: readonly PreviewRow[];
  /** "<namespace>/<name>" of NetworkPolicies, anywhere, that limit where their pods may go: to the waypoint, too. */
  readonly egressPolicies: readonly string[];
}

export interface PreviewRow {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly before: CaptureTarget;
  readonly after: CaptureTarget;
}

const syncMs = 30_000;

export async function previewCapture(
  transport: Transport,
  enrolment: Enrolment,
  ownNamespace: string,
): Promise<Preview> {
  const graph = createCollectionGraph();
  const opened = openClusterSources({
    transport,
    graph,
    clock: systemClock,
    rng: systemRng,
    logger: silentLogger,
    metrics: new MetricsRegistry(),
    ownNamespace,
  });
  try {
    await syncedOrLate(opened.whenSynced());
    const before = buildModel(opened.sources, graph, { standalone: false });
    const after = buildModel(enrolled(graph, opened.sources, enrolment), graph, { standalone: false });
    const { target } = enrolment;
    const isMeant = (key: string): boolean =>
      target.kind === "namespace"
        ? key.startsWith(`${target.name}/`)
        : key === `${target.namespace}/${target.name}`;
    const services = after.captureTargets
      .list()
      .filter(({ key }) => isMeant(key))
      .map(({ key, target: now }) => ({
        service: key,
        before: before.captureTargets.get(key)?.target ?? { is: "direct" as const, refusal: undefined },
        after: now,
      }))
      .toSorted((a, b) => (a.service < b.service ? -1 : 1));
    return { services, egressPolicies: egressPolicies(opened.sources.cluster.networkPolicies) };
  } finally {
    await opened.close();
  }
}

/** Those without policyTypes limit egress where they have rules for it (networking.k8s.io/v1). */
function egressPolicies(policies: Collection<SourcedObject<NetworkPolicy>>): readonly string[] {
  return policies
    .list()
    .filter(
      ({ object: { spec } }) => spec?.policyTypes?.includes("Egress") ?? (spec?.egress ?? []).length > 0,
    )
    .map(({ key }) => key)
    .toSorted();
}

async function syncedOrLate(synced: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = systemClock.after(syncMs, () =>
    late.reject(
      new CliError(
        `the cluster's objects could not be read within ${syncMs / 1000} s; may you list Services, Pods, EndpointSlices, NetworkPolicies and Gateways in all namespaces?`,
      ),
    ),
  );
  try {
    await Promise.race([synced, late.promise]);
  } finally {
    timer.cancel();
  }
}

/** The sources with the annotation in place. */
function enrolled(graph: CollectionGraph, sources: Sources, enrolment: Enrolment): Sources {
  const { target, waypoint, waypointNamespace } = enrolment;
  const annotations = {
    [useWaypointKey]: waypoint,
    ...(waypointNamespace === undefined ? {} : { [useWaypointNamespaceKey]: waypointNamespace }),
  };
  const annotate = <T extends Namespace | Service>(
    collection: Collection<SourcedObject<T>>,
    key: string,
  ): Collection<SourcedObject<T>> =>
    graph.derive(
      collection,
      (_, item) => {
        if (item.key !== key) return item;
        const { metadata } = item.object;
        const object = {
          ...item.object,
          metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
        };
        return { ...item, object };
      },
      { name: `${collection.name} as they would be`, key: (item) => item.key },
    );
  return target.kind === "namespace"
    ? { ...sources, namespaces: annotate(sources.namespaces, target.name) }
    : { ...sources, services: annotate(sources.services, `${target.namespace}/${target.name}`) };
}

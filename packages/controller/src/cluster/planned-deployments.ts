/** The part of deploying waypoints that every replica has: what is to be there, what is, and what came of it. */
import { ports, pushService } from "@waystone/api/names";
import type { CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import { buildDeployModel, type DeployModel } from "../deploy/deploy-model.ts";
import type { CaBundle } from "../deploy/deploy-plans.ts";
import type { Sources } from "../model/sources.ts";
import type { ClusterSettings } from "./cluster-settings.ts";

export interface PlannedDeployments {
  readonly model: DeployModel;
  /** One item, or none until the certificates are made. Written by the leader alone, who makes them. */
  readonly caBundle: SourceCollection<CaBundle>;
}

export function planDeployments(
  graph: CollectionGraph,
  sources: Sources,
  settings: ClusterSettings,
): PlannedDeployments {
  const { ownNamespace, clusterDomain } = settings;
  const caBundle = graph.source<CaBundle>({ name: "ca-bundle", key: () => "ca-bundle" });
  const deploySettings = {
    image: settings.waypointImage,
    pullPolicy: settings.waypointImagePullPolicy,
    controllerAddress: `${pushService}.${ownNamespace}.svc:${ports.push}`,
    ownNamespace,
    clusterDomain,
  };
  return { model: buildDeployModel({ graph, sources, settings: deploySettings, caBundle }), caBundle };
}

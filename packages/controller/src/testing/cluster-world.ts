/** For tests: a cluster's model over manifests, which may change. The controller's own namespace is waystone-system. */
import type { CaptureTarget } from "../capture/capture-view.ts";
import { buildModel, type Model } from "../model/model.ts";
import { createManifestSources, type ManifestSources } from "./manifest-sources.ts";

export interface ClusterWorld extends ManifestSources {
  readonly model: Model;
  /** Of the Service "<namespace>/<name>". */
  targetOf(key: string): CaptureTarget | undefined;
}

export function openClusterWorld(text = ""): ClusterWorld {
  const sources = createManifestSources(text, { cluster: { ownNamespace: "waystone-system" } });
  const model = buildModel(sources.sources, sources.graph, { standalone: false });
  return { ...sources, model, targetOf: (key) => model.captureTargets.get(key)?.target };
}

/** shop is enrolled by its annotation; shop/waypoint is declared, as is infra/shared, which lets everybody in. */
export const enrolledShop = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: waystone-waypoint, listeners: [{name: mesh, port: 15008, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shared, namespace: infra}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
`;

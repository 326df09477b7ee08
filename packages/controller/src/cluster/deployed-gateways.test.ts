/** What a Gateway's status says of its waypoint in a cluster: where it is, how many routes it serves, what is wrong with it. */
import { expect, test } from "vitest";
import { liveObject } from "../deploy/live-objects.ts";
import type { ObjectStatus } from "../translate/object-status.ts";
import { translate } from "../translate/translate.ts";
import { type ClusterWorld, enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";
import { withDeployments } from "./deployed-gateways.ts";
import { planDeployments } from "./planned-deployments.ts";

const settings = {
  podName: "waystone-controller-1",
  podAddresses: [],
  ownNamespace: "waystone-system",
  serviceAccount: "waystone-controller",
  waypointImage: "waystone:1.2.3",
  waypointImagePullPolicy: "IfNotPresent",
  clusterDomain: "cluster.local",
  pushAddress: ":15010",
  probeHost: "waystone-probe.waystone-system.svc",
} as const;

const service = (name: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {clusterIP: 10.96.0.1, selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}`;

const route = (name: string, parent: string): string => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: ${parent}}]
  rules: [{backendRefs: [{name: web, port: 80}]}]`;

interface Statuses extends ClusterWorld {
  gateway(): ObjectStatus;
  readonly deployments: ReturnType<typeof planDeployments>;
}

function open(text: string): Statuses {
  const world = openClusterWorld(enrolledShop + text);
  const { graph, sources, model } = world;
  const { statuses } = translate(sources, model, graph);
  const deployments = planDeployments(graph, sources, settings);
  const finished = withDeployments(graph, statuses, sources, deployments);
  const gateway = (): ObjectStatus => {
    const status = finished.get("Gateway/shop/waypoint");
    if (status === undefined) throw new Error("the Gateway has no status");
    return status;
  };
  return { ...world, gateway, deployments };
}

test("attachedRoutes of each listener counts the accepted routes of the Services behind the waypoint", () => {
  const world = open(service("web") + service("cart") + route("a", "web") + route("b", "cart"));
  const counts = (): unknown =>
    world.gateway().gateway?.listeners.map(({ attachedRoutes }) => attachedRoutes);
  expect(counts()).toEqual([2]);
  world.apply(route("c", "nobody"));
  expect(counts()).toEqual([2]);
  world.remove("HTTPRoute", "shop/a");
  expect(counts()).toEqual([1]);
});

test("its addresses are those of the Service beside its pods, and none while that is not there", () => {
  const world = open("");
  expect(world.gateway().gateway?.addresses).toEqual([]);
  world.deployments.model.live.byKind.Service.set(
    liveObject("Service", {
      metadata: { name: "waypoint", namespace: "shop" },
      spec: { clusterIPs: ["10.96.0.7", "fd00::7"] },
    } as Parameters<typeof liveObject>[1]),
  );
  expect(world.gateway().gateway?.addresses).toEqual([
    { type: "IPAddress", value: "10.96.0.7" },
    { type: "IPAddress", value: "fd00::7" },
    { type: "Hostname", value: "waypoint.shop.svc.cluster.local" },
  ]);
});

test("parameters that cannot be had make it not Accepted, in the parameters' own words", () => {
  const world = open("");
  world.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: waystone-waypoint
  infrastructure: {parametersRef: {group: waystone.dev, kind: WaypointParameters, name: large}}
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]`);
  expect(world.gateway().conditions.find(({ type }) => type === "Accepted")).toMatchObject({
    status: "False",
    reason: "InvalidParameters",
    message: expect.stringContaining("WaypointParameters shop/large, which do not exist") as string,
  });
});

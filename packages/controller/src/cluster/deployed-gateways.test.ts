/** What a Gateway's status says of its waypoint in a cluster: where it is, how many routes it serves, what is wrong with it. */
import { expect, test } from "vitest";
import { liveObject } from "../deploy/live-objects.ts";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
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
  /** By name: how many routes, and "type=status reason" of each condition. */
  listeners(): Readonly<Record<string, { routes: number; said: readonly string[] }>>;
  /** A condition of the Gateway, beside what translation says. */
  say(condition: DraftCondition): void;
  readonly deployments: ReturnType<typeof planDeployments>;
}

function open(text: string): Statuses {
  const world = openClusterWorld(enrolledShop + text);
  const { graph, sources, model } = world;
  const { statuses } = translate(sources, model, graph);
  const deployments = planDeployments(graph, sources, settings);
  const extra = graph.source<DraftCondition>({ name: "extra-conditions", key: ({ type }) => type });
  const told = graph.derive(
    statuses,
    (context, status) =>
      status.kind === "Gateway"
        ? { ...status, conditions: [...status.conditions, ...context.list(extra)] }
        : status,
    { name: "told-statuses", key: ({ key }) => key },
  );
  const finished = withDeployments(graph, told, sources, deployments);
  const gateway = (): ObjectStatus => {
    const status = finished.get("Gateway/shop/waypoint");
    if (status === undefined) throw new Error("the Gateway has no status");
    return status;
  };
  const listeners: Statuses["listeners"] = () =>
    Object.fromEntries(
      (gateway().gateway?.listeners ?? []).map(({ name, attachedRoutes, conditions }) => [
        name,
        {
          routes: attachedRoutes,
          said: conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
        },
      ]),
    );
  const say = (condition: DraftCondition): void => extra.set(condition);
  return { ...world, gateway, listeners, say, deployments };
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

const gatewayWith = (listeners: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop, generation: 2}
spec: {gatewayClassName: waystone-waypoint, listeners: [${listeners}]}`;

test("a listener that is not the mesh's is neither Accepted nor Programmed, with the reasons of ListenerConditionReason", () => {
  const world = open(service("web") + route("a", "web"));
  world.apply(
    gatewayWith(
      "{name: mesh, port: 15008, protocol: HBONE}, {name: http, port: 80, protocol: HTTP}, " +
        "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: web}]}}",
    ),
  );
  expect(world.listeners()).toEqual({
    mesh: { routes: 1, said: ["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"] },
    http: {
      routes: 0,
      said: ["Accepted=False PortUnavailable", "ResolvedRefs=True ResolvedRefs", "Programmed=False Invalid"],
    },
    https: { routes: 0, said: ["Accepted=False UnsupportedProtocol", "Programmed=False Invalid"] },
  });
});

test("kinds that a listener cannot have are InvalidRouteKinds, and supportedKinds lists what remains (Gateway API)", () => {
  const world = open("");
  const kinds = (allowed: string): string => `allowedRoutes: {kinds: [${allowed}]}`;
  world.apply(
    gatewayWith(
      "{name: every, port: 15008, protocol: HTTP}, " +
        `{name: some, port: 15008, protocol: HBONE, ${kinds("{kind: TCPRoute}, {kind: UDPRoute}")}}, ` +
        `{name: none, port: 15008, protocol: HTTP, ${kinds("{group: example.com, kind: HTTPRoute}")}}, ` +
        `{name: http, port: 80, protocol: HTTP, ${kinds("{kind: HTTPRoute}, {kind: TCPRoute}")}}, ` +
        `{name: tls, port: 443, protocol: TLS, ${kinds("{kind: TLSRoute}")}}`,
    ),
  );
  const shown = (world.gateway().gateway?.listeners ?? []).map(({ name, supportedKinds, conditions }) => {
    const resolved = conditions.find(({ type }) => type === "ResolvedRefs");
    return [name, supportedKinds.map(({ kind }) => kind).join(" "), resolved?.reason];
  });
  expect(shown).toEqual([
    ["every", "GRPCRoute HTTPRoute TLSRoute TCPRoute", "ResolvedRefs"],
    ["some", "TCPRoute", "InvalidRouteKinds"],
    ["none", "", "InvalidRouteKinds"],
    ["http", "HTTPRoute", "InvalidRouteKinds"],
    ["tls", "", "InvalidRouteKinds"],
  ]);
});

test("a route of a kind that the listener does not allow is not attached, and is again when it is allowed", () => {
  const world = open(service("web") + route("a", "web"));
  const attached = (): unknown => world.gateway().gateway?.listeners.map((each) => each.attachedRoutes);
  world.apply(
    gatewayWith("{name: mesh, port: 15008, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}}"),
  );
  expect(attached()).toEqual([0]);
  world.apply(gatewayWith("{name: mesh, port: 15008, protocol: HTTP}"));
  expect(attached()).toEqual([1]);
});

test("the mesh's listener is Programmed as its waypoint is", () => {
  const world = open("");
  const programmed = draftCondition("Programmed", "False", "Pending", "1/2 Services run by 2 waypoints", 1);
  world.say(programmed);
  expect(world.gateway().gateway?.listeners[0]?.conditions).toContainEqual(programmed);
});

test("without a mesh listener no waypoint is made of the Gateway, and it is told to add one", () => {
  const world = open("");
  world.apply(gatewayWith("{name: http, port: 80, protocol: HTTP}"));
  const { conditions } = world.gateway();
  expect(conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
    "Accepted=False ListenersNotValid",
    "Programmed=False Invalid",
  ]);
  expect(conditions[1]?.message).toContain("add one of port 15008 with protocol HTTP or HBONE");
});

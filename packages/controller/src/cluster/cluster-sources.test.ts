import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import type { StoredKind } from "@waystone/testkit/faulty-api-server/stored-kind";
import { type ClusterSources, openClusterSources } from "./cluster-sources.ts";
import { builtInKinds, type DefinedKind, definedKinds, definitionName } from "./followed-kinds.ts";

let world: ApiWorld;
let cluster: ClusterSources;

beforeEach(async () => {
  const kinds = Object.values(builtInKinds).map((kind): StoredKind => ({ ...kind, hasStatus: true }));
  world = await openApiWorld({ kinds });
});

afterEach(async () => {
  await cluster.close();
  await world.close();
});

function open(): ClusterSources {
  const { transport, clock } = world;
  cluster = openClusterSources({
    transport,
    graph: createCollectionGraph(),
    clock,
    rng: seededRng(1),
    logger: silentLogger,
    ownNamespace: "waystone-system",
  });
  return cluster;
}

async function openSynced(): Promise<ClusterSources> {
  open();
  await world.passUntil(() => cluster.waitingFor.length === 0, "synced", 30_000);
  return cluster;
}

/** As `kubectl apply` of a CustomResourceDefinition. */
function define(kind: DefinedKind, versions: readonly string[]): void {
  const { group, plural, namespaced } = kind;
  for (const version of versions) {
    world.server.addKind({ group, version, plural, kind: kind.kind, namespaced, hasStatus: true });
  }
  putDefinition(kind, versions);
}

function putDefinition(kind: DefinedKind, versions: readonly string[]): void {
  const bundle = { "gateway.networking.k8s.io/bundle-version": "v1.6.3" };
  world.server.put("customresourcedefinitions", {
    metadata: { name: definitionName(kind), annotations: bundle },
    spec: {
      group: kind.group,
      names: { kind: kind.kind, plural: kind.plural },
      versions: versions.map((name) => ({ name, served: true })),
    },
  });
}

const service = (fields: JsonObject = {}): JsonObject => ({
  metadata: { name: "cart", namespace: "shop" },
  spec: { ports: [{ port: 80 }] },
  ...fields,
});

describe("synced", () => {
  test("it waits for each kind, by the name that kubectl has for it", () => {
    open();
    expect(cluster.waitingFor).toContain("pods");
    expect(cluster.waitingFor).toContain("httproutes.gateway.networking.k8s.io");
  });

  test("kinds without a definition are absent, and hold nothing up", async () => {
    world.server.put("services", service());
    const { sources } = await openSynced();
    expect(sources.services.get("shop/cart")?.object.kind).toBe("Service");
    const absent = sources.cluster.absentKinds.list().map(({ key }) => key);
    expect(absent).toContain("HTTPRoute.gateway.networking.k8s.io");
    expect(absent).toHaveLength(Object.keys(definedKinds).length);
  });

  test("a kind that may not be listed is what it waits for", async () => {
    world.server.forbids = (_, { kind }) => kind?.plural === "pods";
    open();
    await world.pass(10_000);
    expect(cluster.waitingFor).toEqual(["pods"]);
  });
});

describe("kinds that are defined", () => {
  test("one is followed from when its definition comes until it goes", async () => {
    const { sources } = await openSynced();
    define(definedKinds.gateways, ["v1"]);
    world.server.put("gateways", {
      metadata: { name: "waypoint", namespace: "shop" },
      spec: { gatewayClassName: "waystone-waypoint", listeners: [] },
    });
    await world.passUntil(() => sources.gateways.size === 1, "the Gateway is known", 15_000);
    expect(sources.cluster.absentKinds.get("Gateway.gateway.networking.k8s.io")).toBeUndefined();

    world.server.remove("customresourcedefinitions", definitionName(definedKinds.gateways));
    await world.passUntil(() => sources.gateways.size === 0, "the Gateway is gone", 15_000);
    expect(sources.cluster.absentKinds.get("Gateway.gateway.networking.k8s.io")).toBeDefined();
  });

  test("of several versions the best that is served is read", async () => {
    define(definedKinds.referenceGrants, ["v1beta1"]);
    world.server.put("referencegrants", {
      metadata: { name: "g", namespace: "shop" },
      spec: { from: [], to: [] },
    });
    const { sources } = await openSynced();
    expect(sources.referenceGrants.size).toBe(1);
    expect(lastAsked("referencegrants")).toContain("/v1beta1/");

    define(definedKinds.referenceGrants, ["v1beta1", "v1"]);
    await world.passUntil(() => lastAsked("referencegrants").includes("/v1/"), "v1 is asked for", 15_000);
  });

  test("a version that we can't read is as good as none", async () => {
    define(definedKinds.waypointParameters, ["v2"]);
    const { sources } = await openSynced();
    expect(sources.cluster.absentKinds.get("WaypointParameters.waystone.dev")).toBeDefined();
  });

  test("policies are followed with all that is written in them, and without their statuses", async () => {
    define(definedKinds.authorizationPolicies, ["v1alpha1"]);
    const spec = { targetRefs: [{ group: "", kind: "Service", name: "cart" }], action: "DENY", rules: [{}] };
    const status = { conditions: [] };
    world.server.put("authorizationpolicies", { metadata: { name: "p", namespace: "shop" }, spec, status });
    const { sources } = await openSynced();
    const policy = sources.authorizationPolicies.get("shop/p")?.object;
    expect(policy?.spec).toEqual(spec);
    expect(policy).not.toHaveProperty("status");
  });

  test("TLSRoutes and TCPRoutes are followed in the version that there is", async () => {
    const parentRefs = [{ group: "", kind: "Service", name: "cart" }];
    for (const [kind, version] of [
      [definedKinds.tlsRoutes, "v1"],
      [definedKinds.tcpRoutes, "v1alpha2"],
    ] as const) {
      define(kind, [version]);
      const apiVersion = `gateway.networking.k8s.io/${version}`;
      const metadata = { name: "r", namespace: "shop" };
      world.server.put(kind.plural, { apiVersion, kind: kind.kind, metadata, spec: { parentRefs } });
    }
    const { sources } = await openSynced();
    expect(sources.tlsRoutes.get("shop/r")?.object).toMatchObject({ kind: "TLSRoute", spec: { parentRefs } });
    expect(sources.tcpRoutes.get("shop/r")?.object.apiVersion).toBe("gateway.networking.k8s.io/v1alpha2");
    expect(sources.unserved.list()).toEqual([]);
  });
});

describe("news", () => {
  test("a change of what nobody reads is no event", async () => {
    const pod = { metadata: { name: "cart-1", namespace: "shop" }, spec: {}, status: { podIP: "10.0.0.1" } };
    world.server.put("pods", pod);
    const { sources } = await openSynced();
    let events = 0;
    sources.pods.subscribe((batch) => void (events += batch.length));
    world.server.put("pods", { ...pod, spec: { tolerations: [{ key: "x" }] } });
    await world.pass(1_000);
    expect(events).toBe(0);
    world.server.put("pods", { ...pod, status: { podIP: "10.0.0.2" } });
    await world.pass(1_000);
    expect(events).toBe(1);
  });

  test("the Services that the API server itself calls are those of webhooks, APIs and conversions", async () => {
    const called = (name: string): JsonObject => ({ service: { namespace: "system", name } });
    const webhook = { metadata: { name: "w" }, webhooks: [{ clientConfig: called("checker") }] };
    world.server.put("validatingwebhookconfigurations", webhook);
    world.server.put("apiservices", { metadata: { name: "v1.metrics" }, spec: called("metrics") });
    world.server.put("customresourcedefinitions", {
      metadata: { name: "things.example.com" },
      spec: {
        group: "example.com",
        names: { kind: "Thing" },
        versions: [],
        conversion: { webhook: { clientConfig: called("converter") } },
      },
    });
    const { sources } = await openSynced();
    expect(sources.cluster.apiServerBackends.list().toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: "APIService/v1.metrics", services: ["system/metrics"] },
      { key: "CustomResourceDefinition/things.example.com", services: ["system/converter"] },
      { key: "ValidatingWebhookConfiguration/w", services: ["system/checker"] },
    ]);
  });
});

/** The path of the last list or watch of the kind. */
function lastAsked(plural: string): string {
  return world.server.seen.findLast(({ path }) => path.endsWith(`/${plural}`))?.path ?? "";
}

import { afterEach, beforeEach, expect, test } from "vitest";
import { supportedFeatures } from "@waystone/api/features";
import type { GatewayClass } from "@waystone/api/kubernetes/gateway";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import type { SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import type { SourcedObject } from "../model/sources.ts";
import type { SourceProbeResult } from "../probe/probe-source.ts";
import type { GatewayApiRelease } from "./gateway-api-release.ts";
import { openGatewayClass } from "./gateway-class.ts";
import type { OpenTask } from "./leader-duty.ts";

const name = "waystone-waypoint";
const known: GatewayApiRelease = {
  missing: [],
  versions: ["v1.6.3"],
  channels: ["standard"],
  absent: [],
  oddity: undefined,
};

let world: ApiWorld;
let gatewayApi: SourceCollection<GatewayApiRelease>;
let gatewayClasses: SourceCollection<SourcedObject<GatewayClass>>;
let task: OpenTask;

beforeEach(async () => {
  world = await openApiWorld();
  const graph = createCollectionGraph();
  gatewayApi = graph.source<GatewayApiRelease>({ name: "release", key: () => "release" });
  gatewayClasses = graph.source<SourcedObject<GatewayClass>>({ name: "classes", key: ({ key }) => key });
  const sourceProbe = graph.source<SourceProbeResult>({ name: "probe", key: ({ key }) => key });
  const { transport, clock } = world;
  const surroundings = { transport, clock, rng: seededRng(1), logger: silentLogger };
  task = openGatewayClass({ ...surroundings, gatewayClasses, gatewayApi, sourceProbe });
});

afterEach(async () => {
  await task.close();
  await world.close();
});

interface LiveClass extends GatewayClass {
  readonly status?: NonNullable<GatewayClass["status"]>;
}

/** As it is in the API server; the watch of it is this test's. */
function live(of = name): LiveClass | undefined {
  return world.server.get("gatewayclasses", of) as LiveClass | undefined;
}

function seen(of = name): void {
  const object = live(of);
  if (object !== undefined) gatewayClasses.set({ key: of, object });
}

function conditionOf(type: string) {
  return live()?.status?.conditions?.find((condition) => condition.type === type);
}

test("without the Gateway API nothing is written", async () => {
  gatewayApi.set({ ...known, missing: ["GatewayClass", "Gateway"], versions: [] });
  await world.pass(10_000);
  expect(world.server.seen).toEqual([]);
});

test("it is made and Accepted, and what is right is not written again", async () => {
  gatewayApi.set(known);
  await world.passUntil(() => conditionOf("Accepted") !== undefined, "it is Accepted");
  expect(live()?.spec.controllerName).toBe("waystone.dev/controller");
  expect(conditionOf("SupportedVersion")).toMatchObject({ status: "True" });
  expect(live()?.status?.supportedFeatures?.map(({ name: feature }) => feature)).toEqual(
    supportedFeatures(known),
  );
  const requests = world.server.seen.length;
  seen();
  await world.pass(10_000);
  expect(world.server.seen).toHaveLength(requests);
});

test("kinds that are not installed are named, until they are", async () => {
  gatewayApi.set({ ...known, absent: ["TCPRoute", "XBackendTrafficPolicy"] });
  await world.passUntil(() => conditionOf("SupportedVersion") !== undefined, "it has conditions");
  expect(conditionOf("SupportedVersion")).toMatchObject({
    status: "True",
    message:
      "Gateway API v1.6.3 is supported; not installed, and followed as soon as they are: TCPRoute, XBackendTrafficPolicy",
  });
  seen();
  gatewayApi.set(known);
  const message = (): string | undefined => conditionOf("SupportedVersion")?.message;
  await world.passUntil(() => message() === "Gateway API v1.6.3 is supported", "they are not named any more");
});

test("a condition keeps its time while its status does not change", async () => {
  gatewayApi.set(known);
  await world.passUntil(() => conditionOf("SupportedVersion") !== undefined, "it has conditions");
  const before = { accepted: conditionOf("Accepted"), supported: conditionOf("SupportedVersion") };
  seen();
  await world.pass(60_000);
  gatewayApi.set({ ...known, oddity: "release v2.0.0 is of another major version" });
  await world.passUntil(() => conditionOf("SupportedVersion")?.status === "False", "it is unsupported");
  expect(conditionOf("Accepted")?.lastTransitionTime).toBe(before.accepted?.lastTransitionTime);
  expect(conditionOf("SupportedVersion")?.lastTransitionTime).not.toBe(before.supported?.lastTransitionTime);
});

test("a class of that name that belongs to another controller is left alone", async () => {
  world.server.put("gatewayclasses", { metadata: { name }, spec: { controllerName: "example.com/other" } });
  seen();
  gatewayApi.set(known);
  await world.pass(10_000);
  expect(world.server.seen).toEqual([]);
  expect(live()?.status).toBeUndefined();
});

test("a class of another name that names our controller is Accepted too, and again when it changes", async () => {
  gatewayApi.set(known);
  const said = (): unknown =>
    live("large")?.status?.conditions?.find(({ type }) => type === "Accepted")?.observedGeneration;
  for (const generation of [1, 2]) {
    const spec = { controllerName: "waystone.dev/controller", description: `version ${generation}` };
    world.server.put("gatewayclasses", { metadata: { name: "large", generation }, spec });
    seen("large");
    await world.passUntil(() => said() === generation, `it is Accepted at ${generation}`);
  }
  expect(live("large")?.status?.supportedFeatures?.length).toBeGreaterThan(0);
});

test("a class of another name and another controller is nobody's business, and one that is gone is not made anew", async () => {
  world.server.put("gatewayclasses", {
    metadata: { name: "edge" },
    spec: { controllerName: "example.com/other" },
  });
  seen("edge");
  gatewayApi.set(known);
  await world.passUntil(() => conditionOf("Accepted") !== undefined, "ours is Accepted");
  gatewayClasses.delete("edge");
  await world.pass(1_000);
  expect(world.server.seen.filter(({ path }) => !path.includes(`/${name}`))).toEqual([]);
});

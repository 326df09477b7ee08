/** Programmed tells the truth: what waypoints ACKed, refused, or have not answered yet. */
import { typeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { beforeEach, describe, expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";
import { createManifestSources, type ManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "../translate/translate.ts";
import { AckTracker } from "./ack-tracker.ts";
import { buildFinalStatuses } from "./final-status.ts";
import { TransitionTimes } from "./transition-times.ts";
import type { Collection } from "@waystone/collection/collection";
import type { ObjectStatus } from "../translate/object-status.ts";
import type { EncodedResource } from "@waystone/xds/resource";

const route = (backend: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: web}]
  rules: [{backendRefs: [{name: ${backend}, port: 80}]}]`;

const world = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: gate}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: shop}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 127.0.0.11, ports: [{name: http, port: 80}]}
---
${route("web")}`;

const one = { id: "shop/gate/1", scope: "shop/gate" };
const two = { id: "shop/gate/2", scope: "shop/gate" };
const routeName = "HTTPRoute/shop/web";

let sources: ManifestSources;
let resources: Collection<EncodedResource>;
let statuses: Collection<ObjectStatus>;
let acks: AckTracker;
let times: TransitionTimes;
let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
  sources = createManifestSources(world);
  const model = buildModel(sources.sources, sources.graph, { standalone: true });
  const translated = translate(sources.sources, model, sources.graph);
  resources = translated.resources;
  acks = new AckTracker(sources.graph);
  statuses = buildFinalStatuses(sources.graph, translated.statuses, { acks, pods: undefined });
  times = new TransitionTimes(statuses, clock);
});

function version(type: "route" | "service", name: string): string {
  const found = resources.get(`${typeUrls[type]} ${name}`);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.version;
}

function ackRoute(node: typeof one, error?: string): void {
  const verdict = {
    name: routeName,
    version: version("route", routeName),
    ...(error !== undefined && { error }),
  };
  acks.acknowledged(node, typeUrls.route, [verdict]);
}

function statusOf(key: string): ObjectStatus {
  const status = statuses.get(key);
  if (status === undefined) throw new Error(`${key} has no status`);
  return status;
}

function programmed(): string {
  const condition = statusOf(routeName).parents[0]?.conditions.find(({ type }) => type === "Programmed");
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
}

function gatewayProgrammed(): string {
  const condition = statusOf("Gateway/shop/gate").conditions.find(({ type }) => type === "Programmed");
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
}

describe("a route", () => {
  test("is Unknown as long as no waypoint is connected", () => {
    expect(programmed()).toBe("Unknown Pending: no waypoint is connected");
  });

  test("is pending until every connected waypoint has ACKed its version", () => {
    acks.connected(one);
    acks.connected(two);
    expect(programmed()).toBe("False Pending: 0/2 waypoints at generation 1");
    ackRoute(one);
    expect(programmed()).toBe("False Pending: 1/2 waypoints at generation 1");
    ackRoute(two);
    expect(programmed()).toBe("True Programmed: 2/2 waypoints at generation 1");
  });

  test("is pending again after an edit, and the ACK of the old version does not count", () => {
    acks.connected(one);
    ackRoute(one);
    const old = version("route", routeName);
    sources.apply(route("missing"));
    expect(programmed()).toBe("False Pending: 0/1 waypoints at generation 2");
    acks.acknowledged(one, typeUrls.route, [{ name: routeName, version: old }]);
    expect(programmed()).toBe("False Pending: 0/1 waypoints at generation 2");
    ackRoute(one);
    expect(programmed()).toBe("True Programmed: 1/1 waypoints at generation 2");
  });

  test("has the words of a refusal, as condition and as error", () => {
    acks.connected(one);
    ackRoute(one, "no such thing");
    expect(programmed()).toBe(
      "False Invalid: refused by shop/gate/1: no such thing; the version before, if any, stays in force (0/1 waypoints at generation 1)",
    );
    expect(statusOf(routeName).findings).toEqual([
      {
        severity: "error",
        field: "",
        message: "refused by shop/gate/1: no such thing; the version before, if any, stays in force",
      },
    ]);
  });

  test("has a refusal's first thousand characters, without what would move a terminal's cursor", () => {
    acks.connected(one);
    ackRoute(one, `\u001b[2J\u202e${"x".repeat(5000)}`);
    const [finding] = statusOf(routeName).findings;
    expect(finding?.message).toMatch(/^refused by shop\/gate\/1: \x20\[2J x{995}\.\.\.; the version/);
  });

  test("forgets a refusal when another version is there", () => {
    acks.connected(one);
    ackRoute(one, "no such thing");
    sources.apply(route("missing"));
    expect(programmed()).toBe("False Pending: 0/1 waypoints at generation 2");
  });

  test("does not wait for waypoints of other Gateways", () => {
    acks.connected(one);
    acks.connected({ id: "billing/gate/1", scope: "billing/gate" });
    ackRoute(one);
    expect(programmed()).toBe("True Programmed: 1/1 waypoints at generation 1");
  });

  test("waits for a waypoint that runs everything", () => {
    acks.connected({ id: "*/run", scope: "*" });
    expect(programmed()).toBe("False Pending: 0/1 waypoints at generation 1");
  });

  test("does not wait for a waypoint that is gone, which must tell again what it runs when it comes back", () => {
    acks.connected(one);
    acks.connected(two);
    ackRoute(one);
    ackRoute(two);
    acks.disconnected(two);
    expect(programmed()).toBe("True Programmed: 1/1 waypoints at generation 1");
    acks.connected(two);
    expect(programmed()).toBe("False Pending: 1/2 waypoints at generation 1");
  });

  test("is not programmed where it is not accepted, whatever was ACKed", () => {
    acks.connected(one);
    sources.apply(route("web").replace("name: web}]\n  rules", "name: wbe}]\n  rules"));
    expect(programmed()).toBe("False Invalid: not accepted, so no waypoint serves it as written");
  });
});

describe("a Gateway", () => {
  test("is programmed when its waypoints run all of its Services", () => {
    expect(gatewayProgrammed()).toBe("Unknown Pending: no waypoint is connected");
    acks.connected(one);
    expect(gatewayProgrammed()).toBe("False Pending: 0/1 Services run by 1 waypoints");
    const verdict = { name: "shop/web", version: version("service", "shop/web") };
    acks.acknowledged(one, typeUrls.service, [verdict]);
    expect(gatewayProgrammed()).toBe("True Programmed: 1/1 Services run by 1 waypoints");
  });
});

describe("in a cluster", () => {
  const pod = (name: string, more = ""): string => `
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: {app.kubernetes.io/managed-by: waystone, waystone.dev/waypoint: waypoint}
  ${more}
status: {conditions: [{type: Ready, status: "${name === "unready" ? "False" : "True"}"}]}`;

  function cluster(...pods: readonly string[]): () => string {
    const it = openClusterWorld(enrolledShop + pods.join(""));
    const translated = translate(it.sources, it.model, it.graph);
    acks = new AckTracker(it.graph);
    const witnesses = { acks, pods: it.model.cluster?.waypointPods.byWaypoint };
    const all = buildFinalStatuses(it.graph, translated.statuses, witnesses);
    return () => {
      const { conditions = [] } = all.get("Gateway/shop/waypoint") ?? {};
      return conditions.find(({ type }) => type === "Programmed")?.message ?? "";
    };
  }

  test("a Ready pod counts although it is not connected; one that is not Ready, or on its way out, does not", () => {
    const message = cluster(
      pod("one"),
      pod("unready"),
      pod("leaving", 'deletionTimestamp: "2026-01-01T00:00:00Z"'),
      pod("two"),
    );
    expect(message()).toBe("no waypoint is connected");
    acks.connected({ id: "shop/waypoint/one", scope: "shop/waypoint" });
    expect(message()).toBe("0/0 Services run by 2 waypoints");
    acks.connected({ id: "shop/waypoint/leaving", scope: "shop/waypoint" });
    expect(message()).toBe("0/0 Services run by 3 waypoints");
  });
});

describe("what is remembered", () => {
  test("a removal that was taken, and everything of a waypoint that is gone, is forgotten", () => {
    acks.connected(one);
    ackRoute(one);
    expect(acks.acks.size).toBe(1);
    acks.acknowledged(one, typeUrls.route, [{ name: routeName, version: undefined }]);
    expect(acks.acks.size).toBe(0);
    ackRoute(one);
    acks.disconnected(one);
    expect(acks.acks.size).toBe(0);
  });

  test("workloads are not, and neither is what an unknown waypoint says", () => {
    acks.acknowledged(one, typeUrls.route, [{ name: routeName, version: "1" }]);
    acks.connected(one);
    acks.acknowledged(one, typeUrls.workload, [{ name: "10.0.0.1", version: "1" }]);
    expect(acks.acks.size).toBe(0);
  });
});

describe("lastTransitionTime", () => {
  const timesOf = (): string[] => {
    const status = statusOf(routeName);
    return status.parents.flatMap((parent) =>
      times
        .stampParent(status, parent)
        .map(({ type, lastTransitionTime }) => `${type} ${lastTransitionTime}`),
    );
  };

  test("moves only when a condition's status does, not with its generation or message", () => {
    const start = "2026-01-01T00:00:00Z";
    expect(timesOf()).toEqual([`Accepted ${start}`, `ResolvedRefs ${start}`, `Programmed ${start}`]);
    clock.advance(60_000);
    sources.apply(route("missing"));
    expect(timesOf()).toEqual([
      `Accepted ${start}`,
      "ResolvedRefs 2026-01-01T00:01:00Z",
      `Programmed ${start}`,
    ]);
    clock.advance(60_000);
    acks.connected(one);
    ackRoute(one);
    expect(timesOf()).toEqual([
      `Accepted ${start}`,
      "ResolvedRefs 2026-01-01T00:01:00Z",
      "Programmed 2026-01-01T00:02:00Z",
    ]);
  });
});

test("an object whose newest version is bad says so, and stays as it was", () => {
  sources.spoil("HTTPRoute", "shop/web", {
    file: "web.yaml",
    line: 7,
    column: 3,
    kind: "HTTPRoute",
    namespace: "shop",
    name: "web",
    fieldPath: "spec.rules[0].backendRefs[0].port",
    message: 'expected a number, got "http"',
  });
  const status = statusOf(routeName);
  expect(status.refusedVersion).toBe(
    "the newest version was refused, generation 1 stays in force: web.yaml:7:3: HTTPRoute shop/web: " +
      'spec.rules[0].backendRefs[0].port: expected a number, got "http"',
  );
  expect(status.parents[0]?.conditions[0]?.status).toBe("True");
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import type { Event, SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { RequestFault, StreamFault } from "@waystone/testkit/faulty-api-server/faults";
import { type KubeObject, objectKey } from "../kube-object.ts";
import type { KubeResource } from "../kube-resource.ts";
import { type ApiWorld, openApiWorld } from "../testing/api-world.ts";
import { openReflector } from "./open-reflector.ts";
import type { Reflector } from "./reflector.ts";

const pods: KubeResource = { group: "", version: "v1", plural: "pods", namespaced: true };
const routes: KubeResource = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "httproutes",
  namespaced: true,
};

interface Seen {
  readonly id: string;
  readonly value: string;
}

let world: ApiWorld;
let reflector: Reflector | undefined;
let into: SourceCollection<Seen>;
let events: Event<Seen>[];
let onStrip: (object: KubeObject) => void;

beforeEach(async () => {
  world = await openApiWorld();
  const graph = createCollectionGraph();
  into = graph.source<Seen>({ name: "seen", key: (item) => item.id });
  events = [];
  onStrip = () => {};
  into.subscribe((batch) => events.push(...batch));
});

afterEach(async () => {
  await reflector?.close();
  reflector = undefined;
  await world.close();
});

function follow(
  resource: KubeResource = pods,
  options: { livenessMs?: number; labelSelector?: string } = {},
): Reflector {
  const strip = (object: KubeObject): Seen => {
    onStrip(object);
    return { id: objectKey(object), value: object.metadata.labels?.["value"] ?? "" };
  };
  const { transport, clock } = world;
  const key = (item: Seen): string => item.id;
  const fixed = { transport, clock, into, key, strip, rng: seededRng(7), logger: silentLogger };
  reflector = openReflector({ ...fixed, resource, ...options });
  return reflector;
}

function put(name: string, value: string, plural = "pods"): void {
  world.server.put(plural, { metadata: { name, namespace: "shop", labels: { value } } });
}

const shown = (): Record<string, string> =>
  Object.fromEntries(into.list().map(({ id, value }) => [id, value]));

async function synced(resource?: KubeResource): Promise<Reflector> {
  const opened = follow(resource);
  await world.passUntil(() => opened.isSynced, "it is synced");
  return opened;
}

/** Complete lists; those of one object only ask how far the server has come. */
const requestsOf = (kind: "list" | "watch"): number =>
  world.server.seen.filter(
    ({ query }) => (query["watch"] === "true") === (kind === "watch") && query["limit"] !== "1",
  ).length;

describe("state and changes", () => {
  test.for(["on", "refused", "ignored"] as const)(
    "are followed where streaming lists are %s",
    async (streaming) => {
      world.server.watchMode.streaming = streaming;
      put("a", "1");
      put("b", "1");
      await synced();
      expect(shown()).toEqual({ "shop/a": "1", "shop/b": "1" });
      put("a", "2");
      world.server.remove("pods", "shop/b");
      put("c", "1");
      await world.settle();
      expect(shown()).toEqual({ "shop/a": "2", "shop/c": "1" });
    },
  );

  test("show nothing of a list before it is complete, and then all in one pass", async () => {
    put("a", "1");
    put("b", "1");
    let passes = 0;
    into.subscribe(() => void passes++);
    await synced();
    expect(passes).toBe(1);
  });

  test("a list is read in pages of 100, of one version", async () => {
    world.server.watchMode.streaming = "refused";
    for (let at = 0; at < 201; at++) put(`pod-${at}`, "1");
    await synced();
    expect(into.size).toBe(201);
    expect(requestsOf("list")).toBe(3);
  });

  test("a page token that expires begins the list anew, in the end without pages", async () => {
    world.server.watchMode.streaming = "refused";
    for (let at = 0; at < 101; at++) put(`pod-${at}`, "1");
    // Whenever a first page arrives, its version is forgotten by the server.
    onStrip = ({ metadata }) => {
      if (metadata.name !== "pod-0") return;
      put("later", "1");
      world.server.store.compact();
    };
    await synced();
    expect(into.size).toBe(102);
    expect(
      world.server.seen
        .filter(({ path, query }) => path.endsWith("/pods") && query["watch"] === undefined)
        .map(({ query }) => `${query["limit"]} ${query["continue"] === undefined ? "first" : "more"}`),
    ).toEqual(["100 first", "100 more", "100 first", "100 more", "undefined first"]);
  });

  test("only what the selectors choose is followed, and what leaves them is gone", async () => {
    put("a", "yes");
    put("b", "no");
    const opened = follow(pods, { labelSelector: "value=yes" });
    await world.passUntil(() => opened.isSynced, "it is synced");
    expect(Object.keys(shown())).toEqual(["shop/a"]);
    put("a", "no");
    put("b", "yes");
    await world.settle();
    expect(Object.keys(shown())).toEqual(["shop/b"]);
  });

  test("bookmarks move the version on, so that a quiet kind is not listed again", async () => {
    await synced();
    world.server.store.advance(100);
    await world.pass(61_000);
    world.server.store.compact();
    world.server.disturb({ type: "end" });
    await world.pass(2_000);
    expect(world.server.openWatches).toBe(1);
    expect(requestsOf("list")).toBe(0);
  });
});

describe("a fault of a request is outlived", () => {
  const faults: readonly [string, RequestFault, number][] = [
    ["a 500", { type: "status", status: 500 }, 2_000],
    ["a 401", { type: "status", status: 401 }, 2_000],
    ["a 403", { type: "status", status: 403 }, 2_000],
    ["a 504", { type: "status", status: 504 }, 2_000],
    [
      "429 with Retry-After: not before it, and within 2 s after",
      { type: "status", status: 429, retryAfterS: 7 },
      9_000,
    ],
    ["503 with Retry-After", { type: "status", status: 503, retryAfterS: 20 }, 22_000],
    ["a reset", { type: "reset" }, 2_000],
    ["HTML instead of JSON", { type: "html" }, 2_000],
  ];
  for (const streaming of ["on", "refused"] as const) {
    test.for(faults)(`%s (streaming lists ${streaming})`, async ([, fault, limitMs]) => {
      world.server.watchMode.streaming = streaming;
      put("a", "1");
      world.server.faults.add(streaming === "on" ? "watch" : "list", fault);
      const opened = follow();
      const tookMs = await world.passUntil(() => opened.isSynced, "it is synced");
      expect(tookMs).toBeLessThanOrEqual(limitMs);
      const askedAgainMs = world.server.seen.at(-1)?.atMs ?? 0;
      if (fault.type === "status")
        expect(askedAgainMs).toBeGreaterThanOrEqual((fault.retryAfterS ?? 0) * 1000);
      world.server.faults.add("watch", fault);
      world.server.disturb({ type: "end" });
      put("a", "2");
      await world.pass(limitMs + 500);
      expect(shown()).toEqual({ "shop/a": "2" });
    });
  }

  test("an answer that never comes is given up after the time for silence", async () => {
    put("a", "1");
    world.server.faults.add("watch", { type: "hang" });
    const opened = follow();
    const tookMs = await world.passUntil(() => opened.isSynced, "it is synced");
    expect(tookMs).toBeGreaterThanOrEqual(10_000);
    expect(tookMs).toBeLessThanOrEqual(12_000);
  });

  test("a server that is down for ten minutes is followed again within 2 s of its return", async () => {
    put("a", "1");
    await synced();
    world.server.isDown = true;
    world.server.disturb({ type: "cut" });
    await world.pass(600_000);
    put("a", "2");
    world.server.isDown = false;
    const tookMs = await world.passUntil(() => shown()["shop/a"] === "2", "the change is seen");
    expect(tookMs).toBeLessThanOrEqual(2_000);
  });

  test("a server that goes on refusing is asked less and less: every 30 s or so in the end", async () => {
    for (let at = 0; at < 100; at++) world.server.faults.add("any", { type: "status", status: 500 });
    follow();
    await world.pass(600_000);
    const times = world.server.seen.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    expect(gaps[0]).toBeGreaterThanOrEqual(800);
    expect(gaps[0]).toBeLessThanOrEqual(960);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(30_000);
    expect(gaps.at(-1)).toBeLessThanOrEqual(36_000);
  });
});

describe("a fault of a watch is outlived, without a list and without an object gone for a moment", () => {
  const faults: readonly [string, StreamFault][] = [
    ["a cut", { type: "cut" }],
    ["an end in good order", { type: "end" }],
    ["half a line and a cut", { type: "truncate", isClean: false }],
    ["half a line and an end in good order", { type: "truncate", isClean: true }],
    ["events that come twice", { type: "repeat", count: 5 }],
    ["events the wrong way round", { type: "swap" }],
    ["an ERROR event of 500", { type: "error", code: 500 }],
    ["a line that is no JSON", { type: "garbage" }],
  ];
  test.for(faults)("%s", async ([, fault]) => {
    put("a", "1");
    put("b", "1");
    await synced();
    put("a", "2");
    put("c", "1");
    world.server.remove("pods", "shop/c");
    await world.settle();
    const before = requestsOf("list");
    world.server.disturb(fault);
    put("b", "2");
    put("c", "2");
    world.server.remove("pods", "shop/c");
    put("d", "1");
    await world.pass(2_000);
    expect(shown()).toEqual({ "shop/a": "2", "shop/b": "2", "shop/d": "1" });
    const lists = world.server.seen.filter(
      ({ query }) => query["watch"] === undefined && query["limit"] !== "1",
    );
    expect(lists.length).toBe(before);
    expect(world.server.seen.filter(({ query }) => query["sendInitialEvents"] !== undefined)).toHaveLength(1);
    expect(events.filter(({ type, key }) => type === "delete" && key !== "shop/c")).toEqual([]);
  });

  test("a stall is cut when the time for silence is over, and healed at once", async () => {
    put("a", "1");
    await synced();
    world.server.disturb({ type: "stall" });
    put("a", "2");
    const tookMs = await world.passUntil(() => shown()["shop/a"] === "2", "the change is seen");
    expect(tookMs).toBeGreaterThanOrEqual(99_000);
    expect(tookMs).toBeLessThanOrEqual(102_000);
  });

  test("an ERROR event that names a time is obeyed", async () => {
    put("a", "1");
    await synced();
    world.server.disturb({ type: "error", code: 429, retryAfterS: 30 });
    put("a", "2");
    const tookMs = await world.passUntil(() => shown()["shop/a"] === "2", "the change is seen");
    expect(tookMs).toBeGreaterThanOrEqual(30_000);
    expect(tookMs).toBeLessThanOrEqual(32_000);
  });

  test("a deletion that comes before the object's last change does not bring it back", async () => {
    put("a", "1");
    await synced();
    world.server.disturb({ type: "swap" });
    put("a", "2");
    world.server.remove("pods", "shop/a");
    await world.settle();
    expect(shown()).toEqual({});
    world.server.disturb({ type: "repeat", count: 2 });
    await world.settle();
    expect(shown()).toEqual({});
  });
});

describe("a version that expired", () => {
  test.for(["status", "event"] as const)(
    "as %s leads to a list, and no live object goes on the way",
    async (expiredAs) => {
      world.server.watchMode.expiredAs = expiredAs;
      put("a", "1");
      put("b", "1");
      await synced();
      world.server.faults.add("watch", { type: "reset" });
      world.server.disturb({ type: "end" });
      await world.settle();
      put("a", "2");
      world.server.remove("pods", "shop/b");
      world.server.store.compact();
      const tookMs = await world.passUntil(() => into.size === 1, "the deletion is seen");
      expect(tookMs).toBeLessThanOrEqual(2_000);
      expect(shown()).toEqual({ "shop/a": "2" });
      expect(events.filter(({ type }) => type === "delete").map(({ key }) => key)).toEqual(["shop/b"]);
    },
  );
});

describe("a database that was restored from a backup", () => {
  test("is taken as the truth, also where it is older than what we know", async () => {
    put("a", "1");
    const backup = world.server.store.version;
    world.server.store.step = 50;
    put("a", "2");
    put("b", "1");
    await synced();
    world.server.restore(backup);
    world.server.store.step = 1;
    put("c", "1");
    const tookMs = await world.passUntil(
      () => into.get("shop/c") !== undefined,
      "the restored state is seen",
    );
    expect(tookMs).toBeLessThanOrEqual(2_000);
    expect(shown()).toEqual({ "shop/a": "1", "shop/c": "1" });
  });
});

describe("a kind that is not served", () => {
  const definition = { group: routes.group, version: "v1", plural: "httproutes", kind: "HTTPRoute" };
  const kind = { ...definition, namespaced: true, hasStatus: true };

  test("is empty and synced, and followed when it appears", async () => {
    world.server.removeKind("httproutes");
    const opened = await synced(routes);
    expect(opened.isServed).toBe(false);
    world.server.addKind(kind);
    put("r", "1", "httproutes");
    const tookMs = await world.passUntil(() => into.size === 1, "the route is seen");
    expect(tookMs).toBeLessThanOrEqual(7_500);
    expect(opened.isServed).toBe(true);
  });

  test("is looked for at once when told that definitions changed", async () => {
    world.server.removeKind("httproutes");
    const opened = await synced(routes);
    world.server.addKind(kind);
    put("r", "1", "httproutes");
    opened.recheck();
    await world.settle();
    expect(shown()).toEqual({ "shop/r": "1" });
  });

  test("loses its objects when its definition goes, and gets new ones when it comes back", async () => {
    put("r", "1", "httproutes");
    const opened = await synced(routes);
    world.server.removeKind("httproutes");
    await world.passUntil(() => !opened.isServed, "it is known to be gone");
    expect(shown()).toEqual({});
    world.server.addKind(kind);
    put("r", "2", "httproutes");
    await world.passUntil(() => into.size === 1, "the new route is seen");
    expect(shown()).toEqual({ "shop/r": "2" });
  });

  test("a 404 of a server that starts removes nothing", async () => {
    put("r", "1", "httproutes");
    const opened = await synced(routes);
    world.server.faults.add("watch", { type: "status", status: 404, reason: "NotFound" });
    world.server.faults.add("get", { type: "status", status: 404, reason: "NotFound" });
    world.server.disturb({ type: "end" });
    await world.pass(10_000);
    expect(shown()).toEqual({ "shop/r": "1" });
    expect(opened.isServed).toBe(true);
    expect(events.filter(({ type }) => type === "delete")).toEqual([]);
  });
});

test("who follows the collection and throws does not stop it", async () => {
  put("a", "1");
  let isBroken = true;
  into.subscribe(() => {
    if (isBroken) throw new Error("a bug of ours");
  });
  await synced();
  put("b", "1");
  put("c", "1");
  await world.settle();
  isBroken = false;
  put("d", "1");
  await world.settle();
  expect(Object.keys(shown())).toEqual(["shop/a", "shop/b", "shop/c", "shop/d"]);
  expect(requestsOf("watch")).toBe(1);
});

describe("an end", () => {
  test("leaves no timer and no watch, and what was collected", async () => {
    put("a", "1");
    const opened = await synced();
    await opened.close();
    await world.settle();
    expect(world.clock.pending).toBe(0);
    expect(world.server.openWatches).toBe(0);
    expect(into.size).toBe(1);
  });

  test("is possible while waiting to ask again", async () => {
    world.server.isDown = true;
    const opened = follow();
    await world.settle();
    await opened.close();
    expect(world.clock.pending).toBe(0);
  });
});

/** What a reflector follows, and how it ends. */
import { describe, expect, test } from "vitest";
import { pods, routes, useReflectorRig } from "../testing/reflector-rig.ts";

const rig = useReflectorRig();
const { follow, put, shown, synced, requestsOf } = rig;

describe("state and changes", () => {
  test.for(["on", "refused", "ignored"] as const)(
    "are followed where streaming lists are %s",
    async (streaming) => {
      rig.world.server.watchMode.streaming = streaming;
      put("a", "1");
      put("b", "1");
      await synced();
      expect(shown()).toEqual({ "shop/a": "1", "shop/b": "1" });
      put("a", "2");
      rig.world.server.remove("pods", "shop/b");
      put("c", "1");
      await rig.world.settle();
      expect(shown()).toEqual({ "shop/a": "2", "shop/c": "1" });
    },
  );

  test("show nothing of a list before it is complete, and then all in one pass", async () => {
    put("a", "1");
    put("b", "1");
    let passes = 0;
    rig.into.subscribe(() => void passes++);
    await synced();
    expect(passes).toBe(1);
  });

  test("a list is read in pages of 100, of one version", async () => {
    rig.world.server.watchMode.streaming = "refused";
    for (let at = 0; at < 201; at++) put(`pod-${at}`, "1");
    await synced();
    expect(rig.into.size).toBe(201);
    expect(requestsOf("list")).toBe(3);
  });

  test("a page token that expires begins the list anew, in the end without pages", async () => {
    rig.world.server.watchMode.streaming = "refused";
    for (let at = 0; at < 101; at++) put(`pod-${at}`, "1");
    // Whenever a first page arrives, its version is forgotten by the server.
    rig.onStrip(({ metadata }) => {
      if (metadata.name !== "pod-0") return;
      put("later", "1");
      rig.world.server.store.compact();
    });
    await synced();
    expect(rig.into.size).toBe(102);
    expect(
      rig.world.server.seen
        .filter(({ path, query }) => path.endsWith("/pods") && query["watch"] === undefined)
        .map(({ query }) => `${query["limit"]} ${query["continue"] === undefined ? "first" : "more"}`),
    ).toEqual(["100 first", "100 more", "100 first", "100 more", "undefined first"]);
  });

  test("only what the selectors choose is followed, and what leaves them is gone", async () => {
    put("a", "yes");
    put("b", "no");
    const opened = follow(pods, { labelSelector: "value=yes" });
    await rig.world.passUntil(() => opened.isSynced, "it is synced");
    expect(Object.keys(shown())).toEqual(["shop/a"]);
    put("a", "no");
    put("b", "yes");
    await rig.world.settle();
    expect(Object.keys(shown())).toEqual(["shop/b"]);
  });

  test("bookmarks move the version on, so that a quiet kind is not listed again", async () => {
    await synced();
    rig.world.server.store.advance(100);
    await rig.world.pass(61_000);
    rig.world.server.store.compact();
    rig.world.server.disturb({ type: "end" });
    await rig.world.pass(2_000);
    expect(rig.world.server.openWatches).toBe(1);
    expect(requestsOf("list")).toBe(0);
  });
});

describe("a kind that is not served", () => {
  const definition = { group: routes.group, version: "v1", plural: "httproutes", kind: "HTTPRoute" };
  const kind = { ...definition, namespaced: true, hasStatus: true };

  test("is empty and synced, and followed when it appears", async () => {
    rig.world.server.removeKind("httproutes");
    const opened = await synced(routes);
    expect(opened.isServed).toBe(false);
    rig.world.server.addKind(kind);
    put("r", "1", "httproutes");
    const tookMs = await rig.world.passUntil(() => rig.into.size === 1, "the route is seen");
    expect(tookMs).toBeLessThanOrEqual(7_500);
    expect(opened.isServed).toBe(true);
  });

  test("is looked for at once when told that definitions changed", async () => {
    rig.world.server.removeKind("httproutes");
    const opened = await synced(routes);
    rig.world.server.addKind(kind);
    put("r", "1", "httproutes");
    opened.recheck();
    await rig.world.settle();
    expect(shown()).toEqual({ "shop/r": "1" });
  });

  test("loses its objects when its definition goes, and gets new ones when it comes back", async () => {
    put("r", "1", "httproutes");
    const opened = await synced(routes);
    rig.world.server.removeKind("httproutes");
    await rig.world.passUntil(() => !opened.isServed, "it is known to be gone");
    expect(shown()).toEqual({});
    rig.world.server.addKind(kind);
    put("r", "2", "httproutes");
    await rig.world.passUntil(() => rig.into.size === 1, "the new route is seen");
    expect(shown()).toEqual({ "shop/r": "2" });
  });

  test("a 404 of a server that starts removes nothing", async () => {
    put("r", "1", "httproutes");
    const opened = await synced(routes);
    rig.world.server.faults.add("watch", { type: "status", status: 404, reason: "NotFound" });
    rig.world.server.faults.add("get", { type: "status", status: 404, reason: "NotFound" });
    rig.world.server.disturb({ type: "end" });
    await rig.world.pass(10_000);
    expect(shown()).toEqual({ "shop/r": "1" });
    expect(opened.isServed).toBe(true);
    expect(rig.events.filter(({ type }) => type === "delete")).toEqual([]);
  });
});

test("who follows the collection and throws does not stop it", async () => {
  put("a", "1");
  let isBroken = true;
  rig.into.subscribe(() => {
    if (isBroken) throw new Error("a bug of ours");
  });
  await synced();
  put("b", "1");
  put("c", "1");
  await rig.world.settle();
  isBroken = false;
  put("d", "1");
  await rig.world.settle();
  expect(Object.keys(shown())).toEqual(["shop/a", "shop/b", "shop/c", "shop/d"]);
  expect(requestsOf("watch")).toBe(1);
});

describe("an end", () => {
  test("leaves no timer and no watch, and what was collected", async () => {
    put("a", "1");
    const opened = await synced();
    await opened.close();
    await rig.world.settle();
    expect(rig.world.clock.pending).toBe(0);
    expect(rig.world.server.openWatches).toBe(0);
    expect(rig.into.size).toBe(1);
  });

  test("is possible while waiting to ask again", async () => {
    rig.world.server.isDown = true;
    const opened = follow();
    await rig.world.settle();
    await opened.close();
    expect(rig.world.clock.pending).toBe(0);
  });
});

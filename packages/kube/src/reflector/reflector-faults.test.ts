/** Faults of requests and watches, expired versions and restored databases: outlived by a reflector. */
import { describe, expect, test } from "vitest";
import type { RequestFault, StreamFault } from "@waystone/testkit/faulty-api-server/faults";
import { useReflectorRig } from "../testing/reflector-rig.ts";

const rig = useReflectorRig();
const { follow, put, shown, synced, requestsOf } = rig;

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
      rig.world.server.watchMode.streaming = streaming;
      put("a", "1");
      rig.world.server.faults.add(streaming === "on" ? "watch" : "list", fault);
      const opened = follow();
      const tookMs = await rig.world.passUntil(() => opened.isSynced, "it is synced");
      expect(tookMs).toBeLessThanOrEqual(limitMs);
      const askedAgainMs = rig.world.server.seen.at(-1)?.atMs ?? 0;
      if (fault.type === "status")
        expect(askedAgainMs).toBeGreaterThanOrEqual((fault.retryAfterS ?? 0) * 1000);
      rig.world.server.faults.add("watch", fault);
      rig.world.server.disturb({ type: "end" });
      put("a", "2");
      await rig.world.pass(limitMs + 500);
      expect(shown()).toEqual({ "shop/a": "2" });
    });
  }

  test("an answer that never comes is given up after the time for silence", async () => {
    put("a", "1");
    rig.world.server.faults.add("watch", { type: "hang" });
    const opened = follow();
    const tookMs = await rig.world.passUntil(() => opened.isSynced, "it is synced");
    expect(tookMs).toBeGreaterThanOrEqual(10_000);
    expect(tookMs).toBeLessThanOrEqual(12_000);
  });

  test("a server that is down for ten minutes is followed again within 2 s of its return", async () => {
    put("a", "1");
    await synced();
    rig.world.server.isDown = true;
    rig.world.server.disturb({ type: "cut" });
    await rig.world.pass(600_000);
    put("a", "2");
    rig.world.server.isDown = false;
    const tookMs = await rig.world.passUntil(() => shown()["shop/a"] === "2", "the change is seen");
    expect(tookMs).toBeLessThanOrEqual(2_000);
  });

  test("a server that goes on refusing is asked less and less: every 30 s or so in the end", async () => {
    for (let at = 0; at < 100; at++) rig.world.server.faults.add("any", { type: "status", status: 500 });
    follow();
    await rig.world.pass(600_000);
    const times = rig.world.server.seen.map(({ atMs }) => atMs);
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
    rig.world.server.remove("pods", "shop/c");
    await rig.world.settle();
    const before = requestsOf("list");
    rig.world.server.disturb(fault);
    put("b", "2");
    put("c", "2");
    rig.world.server.remove("pods", "shop/c");
    put("d", "1");
    await rig.world.pass(2_000);
    expect(shown()).toEqual({ "shop/a": "2", "shop/b": "2", "shop/d": "1" });
    const lists = rig.world.server.seen.filter(
      ({ query }) => query["watch"] === undefined && query["limit"] !== "1",
    );
    expect(lists.length).toBe(before);
    expect(
      rig.world.server.seen.filter(({ query }) => query["sendInitialEvents"] !== undefined),
    ).toHaveLength(1);
    expect(rig.events.filter(({ type, key }) => type === "delete" && key !== "shop/c")).toEqual([]);
  });

  test("a stall is cut when the time for silence is over, and healed at once", async () => {
    put("a", "1");
    await synced();
    rig.world.server.disturb({ type: "stall" });
    put("a", "2");
    const tookMs = await rig.world.passUntil(() => shown()["shop/a"] === "2", "the change is seen");
    expect(tookMs).toBeGreaterThanOrEqual(99_000);
    expect(tookMs).toBeLessThanOrEqual(102_000);
  });

  test("an ERROR event that names a time is obeyed", async () => {
    put("a", "1");
    await synced();
    rig.world.server.disturb({ type: "error", code: 429, retryAfterS: 30 });
    put("a", "2");
    const tookMs = await rig.world.passUntil(() => shown()["shop/a"] === "2", "the change is seen");
    expect(tookMs).toBeGreaterThanOrEqual(30_000);
    expect(tookMs).toBeLessThanOrEqual(32_000);
  });

  test("a deletion that comes before the object's last change does not bring it back", async () => {
    put("a", "1");
    await synced();
    rig.world.server.disturb({ type: "swap" });
    put("a", "2");
    rig.world.server.remove("pods", "shop/a");
    await rig.world.settle();
    expect(shown()).toEqual({});
    rig.world.server.disturb({ type: "repeat", count: 2 });
    await rig.world.settle();
    expect(shown()).toEqual({});
  });
});

describe("a version that expired", () => {
  test.for(["status", "event"] as const)(
    "as %s leads to a list, and no live object goes on the way",
    async (expiredAs) => {
      rig.world.server.watchMode.expiredAs = expiredAs;
      put("a", "1");
      put("b", "1");
      await synced();
      rig.world.server.faults.add("watch", { type: "reset" });
      rig.world.server.disturb({ type: "end" });
      await rig.world.settle();
      put("a", "2");
      rig.world.server.remove("pods", "shop/b");
      rig.world.server.store.compact();
      const tookMs = await rig.world.passUntil(() => rig.into.size === 1, "the deletion is seen");
      expect(tookMs).toBeLessThanOrEqual(2_000);
      expect(shown()).toEqual({ "shop/a": "2" });
      expect(rig.events.filter(({ type }) => type === "delete").map(({ key }) => key)).toEqual(["shop/b"]);
    },
  );
});

describe("a database that was restored from a backup", () => {
  test("is taken as the truth, also where it is older than what we know", async () => {
    put("a", "1");
    const backup = rig.world.server.store.version;
    rig.world.server.store.step = 50;
    put("a", "2");
    put("b", "1");
    await synced();
    rig.world.server.restore(backup);
    rig.world.server.store.step = 1;
    put("c", "1");
    const tookMs = await rig.world.passUntil(
      () => rig.into.get("shop/c") !== undefined,
      "the restored state is seen",
    );
    expect(tookMs).toBeLessThanOrEqual(2_000);
    expect(shown()).toEqual({ "shop/a": "1", "shop/c": "1" });
  });
});

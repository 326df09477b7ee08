/** Key sets that are kept: one fetch at a time, the last good set for a day, and no key where there never was one (reliability J02). */
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { seededRng } from "@waystone/base/rng";
import { keySetText, makeKey } from "@waystone/engine/authentication/testing/token-rig";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import type { WantedKeys } from "../tokens/key-ring.ts";
import { KeyKeeper } from "./key-keeper.ts";

const first = keySetText(makeKey("one"));
const second = keySetText(makeKey("two"));
const wanted: WantedKeys = {
  id: "a",
  uri: "https://id.example.com/jwks",
  refreshMs: 300_000,
  allowedAddresses: [],
};

/** `answers`: in their order, the last for ever; undefined: a failure. */
function open(...answers: readonly (string | undefined)[]) {
  const clock = new ManualClock();
  const told: [number, string, string | undefined][] = [];
  let fetches = 0;
  let underWay = 0;
  let most = 0;
  const keeper = new KeyKeeper({
    clock,
    rng: seededRng(1),
    logger: silentLogger,
    metrics: new MetricsRegistry(),
    client: {
      async fetchText() {
        const answer = answers[Math.min(fetches++, answers.length - 1)];
        most = Math.max(most, ++underWay);
        await Promise.resolve();
        underWay--;
        if (answer === undefined) throw new Error("no");
        return answer;
      },
    },
    tell: (worker, id, text) => told.push([worker, id, text]),
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const pass = async (ms: number, stepMs = 10_000): Promise<void> => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      clock.advance(stepMs);
      await settled();
    }
  };
  return { keeper, told, pass, settled, count: () => ({ fetches, most }) };
}

describe("[J02] a key set", () => {
  test("is fetched once for all workers, and again when its time has come", async () => {
    const { keeper, told, pass, settled, count } = open(first, second);
    keeper.want(0, [wanted]);
    keeper.want(1, [wanted]);
    await settled();
    expect([told, count()]).toEqual([
      [
        [0, "a", first],
        [1, "a", first],
      ],
      { fetches: 1, most: 1 },
    ]);
    await pass(340_000);
    expect(told.slice(2)).toEqual([
      [0, "a", second],
      [1, "a", second],
    ]);
    keeper.want(2, [wanted]);
    expect(told.at(-1)).toEqual([2, "a", second]);
  });

  test.for<[string, string | undefined]>([
    ["cannot be had", undefined],
    ["is a page in HTML", "<html>"],
    ["says a name twice", '{"keys":[],"keys":[]}'],
    ["is nested too deep", `{"keys":[],"x":${"[".repeat(20)}${"]".repeat(20)}}`],
    ["holds a private key", '{"keys":[{"kty":"RSA","d":"x"}]}'],
  ])("that %s is no key where there was none, and leaves the last good one for a day", async ([, bad]) => {
    const never = open(bad);
    never.keeper.want(0, [wanted]);
    await never.settled();
    expect(never.told).toEqual([[0, "a", undefined]]);
    const { keeper, told, pass, settled } = open(first, bad);
    keeper.want(0, [wanted]);
    await settled();
    await pass(23 * 3_600_000, 60_000);
    expect(told).toEqual([[0, "a", first]]);
    await pass(2 * 3_600_000, 60_000);
    expect(told.at(-1)).toEqual([0, "a", undefined]);
  });

  test("that is empty is an answer: nobody's key is good any more", async () => {
    const { keeper, told, pass, settled } = open(first, '{"keys":[]}');
    keeper.want(0, [wanted]);
    await settled();
    await pass(340_000);
    expect(told.at(-1)).toEqual([0, "a", '{"keys":[]}']);
  });

  test("that fails is asked for more and more seldom, one fetch at a time", async () => {
    const { keeper, pass, settled, count } = open(undefined);
    keeper.want(0, [wanted]);
    await settled();
    for (let i = 0; i < 50; i++) keeper.refetch(0, "a");
    await pass(600_000, 1_000);
    expect(count().most).toBe(1);
    expect(count().fetches).toBeGreaterThan(8);
    expect(count().fetches).toBeLessThan(120);
  });

  test("is fetched anew for a key that nobody knows, and not more often than every 30 s", async () => {
    const { keeper, told, pass, settled, count } = open(first, second);
    keeper.want(0, [wanted]);
    await settled();
    keeper.refetch(0, "a");
    await settled();
    expect(count().fetches).toBe(1);
    await pass(30_000);
    for (let i = 0; i < 10; i++) keeper.refetch(0, "a");
    await settled();
    expect([count().fetches, told.at(-1)]).toEqual([2, [0, "a", second]]);
  });

  test("whose interval changes is the same: nobody is told anything, and it is fetched by the new one from then on", async () => {
    const { keeper, told, pass, settled, count } = open(first);
    keeper.want(0, [wanted]);
    await settled();
    await pass(60_000);
    keeper.want(0, [{ ...wanted, refreshMs: 100_000 }]);
    await settled();
    expect([told.length, count().fetches]).toEqual([2, 1]);
    await pass(60_000);
    expect(count().fetches).toBe(2);
    keeper.want(0, [{ ...wanted, refreshMs: 600_000 }]);
    await pass(500_000);
    expect(count().fetches).toBe(2);
    // Shorter than what has passed by now: at once.
    keeper.want(0, [{ ...wanted, refreshMs: 60_000 }]);
    await pass(10_000);
    expect(count().fetches).toBe(3);
    expect(told.every(([, , text]) => text === first)).toBe(true);
  });

  test("that nobody wants any more is not fetched", async () => {
    const { keeper, pass, settled, count } = open(first);
    keeper.want(0, [wanted]);
    keeper.want(1, [wanted]);
    await settled();
    keeper.want(0, []);
    keeper.leave(1);
    await pass(3_600_000, 60_000);
    expect(count().fetches).toBe(1);
  });
});

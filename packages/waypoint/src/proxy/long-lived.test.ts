/** The set of long-lived connections: whom a change concerns, each asked once, in pieces (design/0004). */
import { expect, test } from "vitest";
import type { ServedPort, Snapshot } from "../store/snapshot.ts";
import { type LongLived, type LongLivedSeat, LongLivedSet } from "./long-lived.ts";

/** What is set to follow has its turn, and no more than that. */
const turn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

type Ports = Readonly<Record<string, Pick<ServedPort, "isReleasing">>>;

function openSet(ports: Ports) {
  const policies = new Map();
  const snapshotOf = (listeners: Ports): Snapshot => ({
    sequence: 1,
    listeners: new Map(Object.entries(listeners) as [string, ServedPort][]),
    backends: new Map(),
    rules: { get: () => undefined },
    workloads: new Map(),
    policies,
    askingRoutes: new Map(),
    credentials: policies,
  });
  let snapshot = snapshotOf(ports);
  const set = new LongLivedSet(
    () => snapshot,
    (error) => faults.push(error),
  );
  const asked: string[] = [];
  const faults: unknown[] = [];
  const hold = (listenKey: string, name: string, onAsked = (): void => {}): LongLivedSeat => {
    const one: LongLived = {
      listenKey,
      recheck() {
        asked.push(name);
        onAsked();
      },
      destroy: () => void asked.push(`${name} is cut`),
    };
    return set.add(one);
  };
  const follow = (next: Ports): string[] => {
    asked.length = 0;
    snapshot = snapshotOf(next);
    set.follow(snapshot);
    return [...asked];
  };
  return { set, asked, faults, hold, follow };
}

test("only those of ports that changed are asked, and only while they last", () => {
  const [a, b] = [{ isReleasing: false }, { isReleasing: false }];
  const { set, hold, follow } = openSet({ a, b });
  hold("a", "one");
  const two = hold("a", "two");
  hold("b", "three");
  expect(follow({ a, b })).toEqual([]);
  expect(follow({ a: { isReleasing: false }, b })).toEqual(["one", "two"]);
  set.delete(two);
  expect(follow({ b })).toEqual(["one"]);
  expect(set.size).toBe(2);
});

test("a port that was being given back, and then is, leaves its connections alone", () => {
  const { hold, follow } = openSet({ a: { isReleasing: false } });
  hold("a", "one");
  expect(follow({ a: { isReleasing: true } })).toEqual(["one"]);
  expect(follow({})).toEqual([]);
  expect(follow({ a: { isReleasing: false } })).toEqual(["one"]);
});

test("a change that no port shows asks all", () => {
  const { set, asked, hold } = openSet({});
  hold("a", "one");
  hold("b", "two");
  set.recheckAll();
  expect(asked).toEqual(["one", "two"]);
});

test("very many are asked in pieces, each once, without those that end meanwhile, by the newest snapshot", async () => {
  const { set, asked, hold, follow } = openSet({});
  const held = Array.from({ length: 2500 }, (_, at) => hold("a", `${at}`));
  expect(follow({ a: { isReleasing: false } }).length).toBe(1000);
  set.delete(held[1500]!);
  await turn();
  expect(asked.length).toBe(2000);
  await turn();
  expect(new Set(asked).size).toBe(2499);
  expect(asked).not.toContain("1500");
  for (let i = 0; i < 10; i++) await turn();
  expect(asked.length).toBe(2499);
});

test("fewer are ended in one go, as that takes longer", async () => {
  const { set, asked, hold, follow } = openSet({});
  for (let at = 0; at < 60; at++) {
    const one = hold("a", `${at}`, () => set.delete(one));
  }
  expect(follow({ a: { isReleasing: false } }).length).toBe(25);
  await turn();
  expect(asked.length).toBe(50);
  await turn();
  expect([asked.length, set.size]).toEqual([60, 0]);
});

test("one that ends itself while it is asked leaves the set", () => {
  const { set, follow, hold } = openSet({});
  const one = hold("a", "one", () => set.delete(one));
  hold("a", "two");
  expect(follow({ a: { isReleasing: false } })).toEqual(["one", "two"]);
  expect(set.size).toBe(1);
});

test("one that cannot be asked by a mistake of ours is cut, as it may be forbidden by now; the others are asked", () => {
  const { asked, faults, follow, hold } = openSet({});
  const mistake = new RangeError("a mistake of ours");
  hold("a", "one");
  hold("a", "two", () => {
    throw mistake;
  });
  hold("a", "three");
  follow({ a: { isReleasing: false } });
  expect([asked, faults]).toEqual([["one", "two", "two is cut", "three"], [mistake]]);
});

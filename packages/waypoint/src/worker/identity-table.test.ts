import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import type { WorkloadState } from "../store/snapshot.ts";
import { IdentityTable } from "./identity-table.ts";

const pod: WorkloadState = { known: true, labels: { pod: "curl" }, podLabels: new Map() };

function openTable(limits = { addresses: 2, parked: 3 }) {
  const clock = new ManualClock();
  const sent: string[] = [];
  const states = new Map<string, WorkloadState>();
  const table = new IdentityTable({
    clock,
    emit: (message) => sent.push("address" in message ? `${message.type} ${message.address}` : message.type),
    stateOf: (address) => states.get(address),
    onForgotten: (address) => void states.delete(address),
    limits,
  });
  const answer = (address: string, state: WorkloadState): void => {
    states.set(address, state);
    table.settle(address);
  };
  const ask = (address: string, timeoutMs = 2_000): (WorkloadState | undefined)[] => {
    const answers: (WorkloadState | undefined)[] = [];
    table.whenKnown(address, timeoutMs, (state) => answers.push(state));
    return answers;
  };
  return { clock, sent, table, answer, ask };
}

test("an address is subscribed to once, when it is first seen", () => {
  const { table, sent, answer } = openTable();
  expect(table.lookup("10.0.0.1")).toBeUndefined();
  expect(table.lookup("10.0.0.1")).toBeUndefined();
  expect(sent).toEqual(["subscribe 10.0.0.1"]);
  answer("10.0.0.1", pod);
  expect(table.lookup("10.0.0.1")).toBe(pod);
});

test("that an address is nobody's is certain after two seconds: the API may show the pod that has it any moment", () => {
  const { ask, answer, clock } = openTable();
  const answers = ask("10.0.0.1");
  answer("10.0.0.1", { known: false });
  clock.advance(1_500);
  const later = ask("10.0.0.1");
  expect([answers, later]).toEqual([[], []]);
  clock.advance(500);
  expect([answers, later]).toEqual([[{ known: false }], [{ known: false }]]);
  expect(ask("10.0.0.1")).toEqual([{ known: false }]);
  expect(clock.pending).toBe(0);
});

test("who waits at an address that is nobody's is told as soon as the API shows whose it is", () => {
  const { ask, answer, clock } = openTable();
  const answers = ask("10.0.0.1");
  answer("10.0.0.1", { known: false });
  clock.advance(700);
  answer("10.0.0.1", pod);
  expect(answers).toEqual([pod]);
  expect(clock.pending).toBe(0);
});

test("an address that a pod has left is uncertain again for the next one that has it", () => {
  const { ask, answer, clock } = openTable();
  ask("10.0.0.1");
  answer("10.0.0.1", pod);
  clock.advance(60_000);
  answer("10.0.0.1", { known: false });
  clock.advance(60_000);
  const answers = ask("10.0.0.1");
  expect(answers).toEqual([]);
  clock.advance(2_000);
  expect(answers).toEqual([{ known: false }]);
});

test("who waits is answered once: by the answer, or by the end of the time, whichever comes first", () => {
  const { ask, answer, clock } = openTable();
  const [patient, hasty] = [ask("10.0.0.1", 1_000), ask("10.0.0.1", 10)];
  clock.advance(10);
  expect([patient, hasty]).toEqual([[], [undefined]]);
  answer("10.0.0.1", pod);
  clock.advance(5_000);
  expect([patient, hasty]).toEqual([[pod], [undefined]]);
  expect(clock.pending).toBe(0);
});

test("nobody waits longer than two seconds, whatever was asked for", () => {
  const { ask, clock } = openTable();
  const answers = ask("10.0.0.1", 60_000);
  clock.advance(2_000);
  expect(answers).toEqual([undefined]);
});

test("when too many wait, more are not parked but anonymous at once", () => {
  const { ask, clock, answer } = openTable();
  const parked = [ask("10.0.0.1"), ask("10.0.0.1"), ask("10.0.0.2")];
  expect(ask("10.0.0.2")).toEqual([undefined]);
  answer("10.0.0.1", pod);
  expect(ask("10.0.0.2")).toEqual([]);
  clock.advance(2_000);
  expect(parked).toEqual([[pod], [pod], [undefined]]);
});

test("of too many addresses the one seen longest ago is forgotten, and who waits for it is anonymous", () => {
  const { table, sent, ask, answer } = openTable();
  table.lookup("10.0.0.1");
  const waiting = ask("10.0.0.2");
  answer("10.0.0.1", pod);
  table.lookup("10.0.0.1");
  table.lookup("10.0.0.3");
  expect(sent.slice(2)).toEqual(["forget 10.0.0.2", "subscribe 10.0.0.3"]);
  expect(waiting).toEqual([undefined]);
  expect(table.lookup("10.0.0.1")).toBe(pod);
  expect(table.isTracked("10.0.0.2")).toBe(false);
});

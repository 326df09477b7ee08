/** A set of what comes and goes: it has whom a Set would have. */
import { expect, test } from "vitest";
import * as fc from "@waystone/testkit/fast-check";
import { Roster, type Seat } from "./roster.ts";

test("whoever came and has not left is in it, whatever the order in which others leave", () => {
  const steps = fc.array(fc.oneof(fc.constant("add" as const), fc.nat({ max: 20 })), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (walk) => {
      const roster = new Roster<number>();
      const given: Seat<number>[] = [];
      const expected = new Set<number>();
      for (const [at, step] of walk.entries()) {
        if (step === "add") {
          given.push(roster.add(at));
          expected.add(at);
          continue;
        }
        const seat = given[step];
        if (seat === undefined) continue;
        roster.delete(seat);
        expected.delete(seat.member);
      }
      const members = roster.seats().map(({ member }) => member);
      expect(members.toSorted((a, b) => a - b)).toEqual([...expected]);
      expect(roster.size).toBe(expected.size);
      for (const seat of given) expect(seat.isTaken).toBe(expected.has(seat.member));
    }),
  );
});

test("who leaves while the seats are gone through is still told of", () => {
  const roster = new Roster<string>();
  const first = roster.add("a");
  roster.add("b");
  const told: string[] = [];
  for (const { member } of roster.seats()) {
    told.push(member);
    roster.delete(first);
  }
  expect(told).toEqual(["a", "b"]);
  expect(roster.size).toBe(1);
});

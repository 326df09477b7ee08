import { describe, expect, test } from "vitest";
import { leftSlot, nextSlots, type Slots } from "./waypoint-slots.ts";

const slots = (waypoint?: string, movingTo?: string): Slots => ({ waypoint, movingTo });

describe("which waypoints a shadow names next", () => {
  test.for<readonly [string, Slots, string | undefined, string, Slots]>([
    ["nobody is led anywhere: the wanted one alone", slots(), undefined, "b", slots("b")],
    ["nobody is led anywhere, whatever it named", slots("a", "c"), undefined, "b", slots("b")],
    ["the shadow was lost: the one that the front leads to", slots(), "a", "a", slots("a")],
    ["the shadow was lost in the middle of a move: both", slots(), "a", "b", slots("a", "b")],
    ["another is wanted: both", slots("a"), "a", "b", slots("a", "b")],
    ["it moves, and the front has not followed: both still", slots("a", "b"), "a", "b", slots("a", "b")],
    ["it moves, and the front has followed: the other alone", slots("a", "b"), "b", "b", slots("b")],
    ["it moved there and is wanted back: both still", slots("a", "b"), "b", "a", slots("a", "b")],
    ["it was to move and is not any more: the first alone", slots("a", "b"), "a", "a", slots("a")],
    ["a third is wanted before it moved: that comes next", slots("a", "b"), "a", "c", slots("a")],
    ["a third is wanted after it moved: that comes next", slots("a", "b"), "b", "c", slots("b")],
    ["it has what is wanted", slots("a"), "a", "a", slots("a")],
  ])("%s", ([, now, at, wanted, next]) => {
    expect(nextSlots({ now, at, wanted })).toEqual(next);
  });

  test("from any state, a move ends with the wanted one alone, and never gives up the one that clients are led to", () => {
    const names = [undefined, "a", "b", "c"];
    for (const waypoint of names) {
      for (const movingTo of names) {
        for (const from of names) {
          let now = slots(waypoint, movingTo);
          let at = from;
          for (let step = 0; step < 8; step++) {
            const next = nextSlots({ now, at, wanted: "b" });
            const served = [now.waypoint, now.movingTo].includes(at);
            if (at !== undefined && served) expect(leftSlot(now, next)).not.toBe(at);
            now = next;
            if (now.waypoint === "b" || now.movingTo === "b") at = "b";
          }
          expect([now, at]).toEqual([slots("b"), "b"]);
        }
      }
    }
  });
});

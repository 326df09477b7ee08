import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import { leaveThenDrain } from "./leave-then-drain.ts";

/** Connections come until `untilMs`; what is done, and when. */
async function leave(untilMs: number, delayMs: number, drainMs: number): Promise<string[]> {
  const clock = new ManualClock();
  const startedAt = clock.now();
  const story: string[] = [];
  const now = (): number => clock.now() - startedAt;
  const state = { isOver: false };
  const waypoint = {
    leave: () => void story.push(`${now()} leaves`),
    drain: async (ms: number) => void story.push(`${now()} drains for ${ms}`),
    countAccepted: async () => Math.min(now(), untilMs),
  };
  void leaveThenDrain(waypoint, { delayMs, drainMs }, clock).then(() => (state.isOver = true));
  while (!state.isOver) {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    if (!state.isOver) clock.advance(clock.nextInMs ?? 0);
  }
  return story;
}

describe("a waypoint that goes", () => {
  test.for([
    ["drains at once where nobody needs to hear", [0, 0, 30_000], ["0 leaves", "0 drains for 30000"]],
    [
      "serves on for the delay, and a second to see that nobody comes",
      [9_000, 10_000, 45_000],
      ["0 leaves", "11000 drains for 44000"],
    ],
    ["serves on while connections come", [14_500, 10_000, 45_000], ["0 leaves", "16000 drains for 39000"]],
    [
      "serves on for the delay again and no longer",
      [99_000, 10_000, 45_000],
      ["0 leaves", "20000 drains for 35000"],
    ],
    [
      "leaves half of its time to what is under way",
      [99_000, 10_000, 8_000],
      ["0 leaves", "14000 drains for 4000"],
    ],
  ] as const)("%s", async ([, [untilMs, delayMs, drainMs], story]) => {
    expect(await leave(untilMs, delayMs, drainMs)).toEqual(story);
  });
});

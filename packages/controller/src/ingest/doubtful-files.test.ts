import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import { DoubtfulFiles, longestDoubtMs, quietMs } from "./doubtful-files.ts";

function openDoubts(): { clock: ManualClock; doubts: DoubtfulFiles; handedOut: string[] } {
  const clock = new ManualClock();
  const handedOut: string[] = [];
  const doubts = new DoubtfulFiles(clock, (files) => handedOut.push(...files.map(({ file }) => file)));
  return { clock, doubts, handedOut };
}

const named = (file: string): { file: string; path: string; argument: number } => ({
  file,
  path: file,
  argument: 0,
});

test("a file is handed out once it has been quiet for a moment", () => {
  const { clock, doubts, handedOut } = openDoubts();
  doubts.add(named("a"));
  clock.advance(quietMs - 1);
  doubts.add(named("a"));
  doubts.add(named("b"));
  clock.advance(quietMs - 1);
  expect(handedOut).toEqual([]);
  clock.advance(1);
  expect(handedOut).toEqual(["a", "b"]);
  expect(clock.pending).toBe(0);
});

test("a file that never is quiet is handed out after a while all the same", () => {
  const { clock, doubts, handedOut } = openDoubts();
  for (let at = 0; at < longestDoubtMs; at += 10) {
    doubts.add(named("a"));
    clock.advance(10);
  }
  expect(handedOut).toEqual(["a"]);
});

test("a file that is no longer in doubt is not handed out, and closing ends all waits", () => {
  const { clock, doubts, handedOut } = openDoubts();
  doubts.add(named("a"));
  doubts.add(named("b"));
  doubts.delete("a");
  clock.advance(quietMs);
  doubts.add(named("c"));
  doubts.close();
  clock.advance(quietMs);
  expect(handedOut).toEqual(["b"]);
  expect(clock.pending).toBe(0);
});

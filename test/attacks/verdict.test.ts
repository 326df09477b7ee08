/** What counts as noticed, and as left behind. */
import { expect, test } from "vitest";
import { type Outcome, problemsOf } from "./verdict.ts";

const mebibyte = 1024 * 1024;
const polite = { p50Ms: 1, p99Ms: 300, answered: 400, failed: 0, starvation: 1 };
const plane = {
  rssBytes: 100 * mebibyte,
  usedBytes: 20 * mebibyte,
  connections: 0,
  active: 0,
  pooled: 0,
  turns: { p99Ms: 0.5, longestMs: 1 },
};
const fine: Outcome = { quiet: polite, attacked: polite, before: plane, after: plane };

test.for<[string, Outcome, string[]]>([
  ["nothing is fine", fine, []],
  ["twice the p99 is", { ...fine, attacked: { ...polite, p99Ms: 600 } }, []],
  [
    "more than twice is not",
    { ...fine, attacked: { ...polite, p99Ms: 601 } },
    ["another client's p99 went from 300.0 ms to 601.0 ms"],
  ],
  [
    "but where it had a third of a processor six times is",
    { ...fine, attacked: { ...polite, p99Ms: 1_800, starvation: 3 } },
    [],
  ],
  [
    "below the floor nothing counts",
    { ...fine, quiet: { ...polite, p99Ms: 2 }, attacked: { ...polite, p99Ms: 99 } },
    [],
  ],
  [
    "long turns are the waypoint's own, however busy the machine is",
    {
      ...fine,
      attacked: { ...polite, starvation: 9 },
      after: { ...plane, turns: { p99Ms: 15.5, longestMs: 30 } },
    },
    ["one turn in a hundred took the waypoint 15.5 ms of its core or more"],
  ],
  [
    "one failure is too many",
    { ...fine, attacked: { ...polite, failed: 1 } },
    ["1 requests of another client failed"],
  ],
  ["5 MiB may stay", { ...fine, after: { ...plane, usedBytes: 25 * mebibyte } }, []],
  [
    "more may not",
    { ...fine, after: { ...plane, usedBytes: 26 * mebibyte, connections: 3 } },
    ["6.0 MiB more are in use afterwards", "3 connections are left"],
  ],
])("%s", ([, outcome, problems]) => {
  expect(problemsOf(outcome)).toEqual(problems);
});

import { expect, test } from "vitest";
import type { Authority, CaRecord } from "./ca-record.ts";
import { type CaStep, type CaTiming, planCaChange } from "./plan-ca-change.ts";

const timing: CaTiming = { lifetimeMs: 1_000, changeAt: 0.8, announcedMs: 10, believedMs: 60 };
const authority = (notBeforeMs: number): Authority => ({
  key: "key",
  certificate: `certificate of ${notBeforeMs}`,
  notBeforeMs,
  notAfterMs: notBeforeMs + timing.lifetimeMs,
});
const only: CaRecord = { current: authority(0), next: undefined, previous: undefined, isChangeAsked: false };
const announced: CaRecord = { ...only, next: { authority: authority(800), sinceMs: 800 } };
const promoted: CaRecord = {
  ...only,
  current: authority(800),
  previous: { certificate: "old", untilMs: 870 },
};

test.for<[string, CaRecord | undefined, number, CaStep]>([
  ["there is none: one is made", undefined, 0, "make"],
  ["it is young: nothing is done", only, 799, "none"],
  ["80 % of its time is over: the next one is announced", only, 800, "announce"],
  ["somebody asks for another: the next one is announced", { ...only, isChangeAsked: true }, 1, "announce"],
  ["all of its time is over, and nobody saw it coming: one is made that signs at once", only, 1_000, "make"],
  ["the next one is announced, but not for long enough", announced, 809, "none"],
  ["the next one has been announced long enough: it signs", announced, 810, "promote"],
  ["its time is over while the next one is being announced: that signs", announced, 1_000, "promote"],
  [
    "asking again while the next one is being announced changes nothing",
    { ...announced, isChangeAsked: true },
    801,
    "none",
  ],
  ["the previous one is still believed", promoted, 869, "none"],
  ["the previous one has been believed long enough: it is forgotten", promoted, 870, "forget"],
])("%s", ([, record, nowMs, step]) => {
  expect(planCaChange(record, nowMs, timing)).toBe(step);
});

/** Which level memory in use means, and when it is left again. */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { defaultSettings } from "../settings.ts";
import { levelOf, type OverloadLevel, overloadLevels } from "./overload-level.ts";

const settings = defaultSettings.overload;

test.for<[string, number, OverloadLevel, OverloadLevel]>([
  ["nothing is left out below 85 %", 0.849, "none", "none"],
  ["connections end from 85 %", 0.85, "none", "sparing"],
  ["requests are shed from 90 %", 0.9, "sparing", "shedding"],
  ["connections are refused from 95 %", 0.95, "none", "refusing"],
  ["a level is kept within 5 % of its mark", 0.901, "refusing", "refusing"],
  ["refusing becomes shedding below 90 %", 0.899, "refusing", "shedding"],
  ["shedding becomes sparing below 85 %", 0.849, "shedding", "sparing"],
  ["everything is served again below 80 %", 0.799, "refusing", "none"],
])("[D11] %s", ([, use, now, expected]) => {
  expect(levelOf(use, now, settings)).toBe(expected);
});

test("a level whose mark is 0 is off", () => {
  expect(levelOf(0.93, "none", { ...settings, shedPercent: 0 })).toBe("sparing");
  expect(levelOf(2, "none", { sparePercent: 0, shedPercent: 0, refusePercent: 0 })).toBe("none");
});

test("more memory never means a lower level, and a level that is held is never entered later", () => {
  const use = fc.double({ min: 0, max: 2, noNaN: true });
  const order = (level: OverloadLevel): number => overloadLevels.indexOf(level);
  fc.assert(
    fc.property(use, use, fc.constantFrom(...overloadLevels), (a, b, now) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(order(levelOf(less, now, settings))).toBeLessThanOrEqual(order(levelOf(more, now, settings)));
      expect(order(levelOf(a, now, settings))).toBeGreaterThanOrEqual(order(levelOf(a, "none", settings)));
    }),
  );
});

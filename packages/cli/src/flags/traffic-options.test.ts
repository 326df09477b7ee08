import { logLevels } from "@waystone/base/logger";
import { expect, test } from "vitest";
import { logLevelChoices } from "./traffic-options.ts";

test("the levels that the flag offers are the logger's", () => {
  expect(logLevelChoices).toEqual(logLevels);
});

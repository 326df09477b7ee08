import { expect, test } from "vitest";
import { supportedFeatures } from "./features.ts";

test("features are sorted, named once, and not more than a GatewayClass may list", () => {
  expect(supportedFeatures).toEqual([...new Set(supportedFeatures)].toSorted());
  expect(supportedFeatures.length).toBeLessThanOrEqual(64);
});

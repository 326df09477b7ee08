import { describe, expect, test } from "vitest";
import { supportedFeatures } from "./features.ts";

const standard = { versions: ["v1.6.3"], channels: ["standard"] };
const experimental = { versions: ["v1.6.3"], channels: ["experimental"] };

describe("what Waystone claims (GEP-2162)", () => {
  test.for([standard, experimental, { ...standard, versions: ["v1.7.0"] }])(
    "with $versions, $channels channel: sorted, each once, no more than 64",
    (release) => {
      const features = supportedFeatures(release);
      expect(features).toEqual([...new Set(features)].toSorted());
      expect(features.length).toBeLessThanOrEqual(64);
    },
  );

  test.for([
    ["the standard channel of 1.6 has no retries", standard, []],
    [
      "its experimental channel has",
      experimental,
      ["HTTPRouteRetry", "HTTPRouteRetryBackendTimeout", "HTTPRouteRetryConnectionError"],
    ],
    [
      "since 1.7 both have, and call them otherwise",
      { ...standard, versions: ["v1.7.0"] },
      ["HTTPRouteRetryCodes", "HTTPRouteRetryConnectionError"],
    ],
    [
      "of a release that is applied halfway nothing is known",
      { versions: ["v1.6.3", "v1.7.0"], channels: [] },
      [],
    ],
    ["and where nothing is installed nothing either", { versions: [], channels: [] }, []],
  ] as const)("%s", ([, release, retries]) => {
    expect(supportedFeatures(release).filter((name) => name.startsWith("HTTPRouteRetry"))).toEqual(retries);
  });
});

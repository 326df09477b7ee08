import { describe, expect, test } from "vitest";
import { meshProfiles, parseConformanceLine } from "./conformance-line.ts";
import { suiteFlags } from "./suite-flags.ts";

const identity = { version: "v1", url: "home", contact: "somebody" };

function flags(...args: readonly string[]): Readonly<Record<string, string>> {
  const line = parseConformanceLine(args);
  const given = suiteFlags({ ...line, identity, reportFile: "/report" });
  return Object.fromEntries(given.map((flag) => flag.split(/=(.*)/s).slice(0, 2)));
}

describe("what the suite is told", () => {
  test("without arguments: both mesh profiles, with every feature that a mesh test asks for", () => {
    const given = flags();
    expect(given["--conformance-profiles"]).toBe(meshProfiles.join(","));
    const features = given["--supported-features"]?.split(",") ?? [];
    expect(features.filter((feature) => feature.startsWith("Mesh"))).toHaveLength(10);
    // No profile counts those of HTTPRoute, and without them seven tests are skipped.
    expect(features).toEqual(
      expect.arrayContaining([
        "HTTPRoute",
        "HTTPRoute303RedirectStatusCode",
        "HTTPRoute307RedirectStatusCode",
        "HTTPRoute308RedirectStatusCode",
        "HTTPRouteParentRefPort",
        "HTTPRouteResponseHeaderModification",
      ]),
    );
  });

  test("never to skip a test, nor to wait longer than it does by itself", () => {
    expect(Object.keys(flags())).not.toContain("--skip-tests");
    expect(Object.keys(flags())).not.toContain("--timeout-config-overrides");
  });

  test("of Gateways the core alone, with our class, and no Namespace is enrolled", () => {
    const given = flags("--profile", "GATEWAY-HTTP,GATEWAY-TLS");
    expect(given["--supported-features"]).toBe("Gateway,ReferenceGrant,HTTPRoute,TLSRoute");
    expect(given["--gateway-class"]).toBe("waystone-waypoint");
    expect(given["--namespace-annotations"]).toBeUndefined();
  });

  test("one profile's features alone when one is asked for", () => {
    expect(flags("--profile", "MESH-GRPC")["--supported-features"]).not.toMatch(/(^|,)HTTPRoute/);
  });

  test("what only the experimental channel has, where that is installed", () => {
    expect(flags()["--supported-features"]).not.toContain("HTTPRouteRetry");
    expect(flags("--channel", "experimental")["--supported-features"]).toContain("HTTPRouteRetry");
  });

  test("one test alone has no report: its profiles would look incomplete", () => {
    const given = flags("--run-test", "MeshPorts");
    expect(given["--run-test"]).toBe("MeshPorts");
    expect(given["--report-output"]).toBeUndefined();
  });

  test.for([
    [["--profile", "MESH-TCP"], "--profile MESH-TCP: there are MESH-HTTP, MESH-GRPC, GATEWAY-HTTP"],
    [["--profile", "MESH-HTTP,GATEWAY-HTTP"], "those of Gateways are only looked at"],
    [["--channel", "beta"], "--channel beta: there are standard and experimental"],
    [["--runs", "0"], "--runs 0: a whole number from 1 on"],
    [["--run-test"], "--run-test needs a value"],
    [["--fast"], "no option --fast"],
  ] as const)("%s is refused", ([args, message]) => {
    expect(() => parseConformanceLine(args)).toThrow(message);
  });
});

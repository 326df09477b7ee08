/**
 * What the suite is told. A profile switches on its core features alone, and some tests ask for features that no mesh profile
 * knows: without those in the list they are skipped, and the profile reports success all the same.
 */
import { useWaypointKey } from "@waystone/api/names";
import type { ConformanceLine } from "./conformance-line.ts";

const extendedMeshFeatures = [
  "MeshClusterIPMatching",
  "MeshConsumerRoute",
  "MeshHTTPRouteBackendRequestHeaderModification",
  "MeshHTTPRouteNamedRouteRule",
  "MeshHTTPRouteQueryParamMatching",
  "MeshHTTPRouteRedirectPath",
  "MeshHTTPRouteRedirectPort",
  "MeshHTTPRouteRewritePath",
  "MeshHTTPRouteSchemeRedirect",
];

/** Mesh tests need them, and no mesh profile counts them. */
const uncountedFeatures = [
  "HTTPRoute303RedirectStatusCode",
  "HTTPRoute307RedirectStatusCode",
  "HTTPRoute308RedirectStatusCode",
  "HTTPRouteParentRefPort",
  "HTTPRouteResponseHeaderModification",
];

const coreFeatures: Readonly<Record<string, readonly string[]>> = {
  "MESH-HTTP": ["Mesh", "HTTPRoute"],
  "MESH-GRPC": ["Mesh", "GRPCRoute"],
};

export interface SuiteRun extends Pick<ConformanceLine, "profiles" | "test"> {
  readonly version: string;
  readonly reportFile: string;
}

/** One flag a line: the suite's, and before them those of Go's testing package. */
export function suiteFlags({ profiles, test, version, reportFile }: SuiteRun): readonly string[] {
  return [
    "--test.v",
    // Go's default of ten minutes is for the whole run. Nothing inside the suite is given more time.
    "--test.timeout=30m",
    `--conformance-profiles=${profiles.join(",")}`,
    `--supported-features=${featuresOf(profiles).join(",")}`,
    // On every Namespace that the suite makes: its Services are captured, and a waypoint comes by itself.
    `--namespace-annotations=${useWaypointKey}=waypoint`,
    "--organization=waystone",
    "--project=waystone",
    "--url=https://waystone.dev",
    `--version=${version}`,
    "--contact=@waystone-maintainers",
    ...(test === undefined ? [`--report-output=${reportFile}`] : [`--run-test=${test}`]),
  ];
}

function featuresOf(profiles: readonly string[]): readonly string[] {
  const core = profiles.flatMap((profile) => coreFeatures[profile] ?? []);
  // No test of gRPC asks for them, but a profile without them would say that they are not supported.
  const extended = [...extendedMeshFeatures, ...(profiles.includes("MESH-HTTP") ? uncountedFeatures : [])];
  return [...new Set([...core, ...extended])].toSorted();
}

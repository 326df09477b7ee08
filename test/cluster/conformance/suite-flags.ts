/**
 * What the suite is told. Of meshes: to test all that we claim. A profile switches on its core features alone, and some mesh tests ask for
 * features that no mesh profile knows: without those in the list they are skipped, and the profile reports success all the same.
 */
import { supportedFeatures } from "@waystone/api/features";
import { useWaypointKey, waypointClassName } from "@waystone/api/names";
import { type ConformanceLine, isFirstLook, suiteVersion } from "./conformance-line.ts";
import type { ProjectIdentity } from "./project-identity.ts";

/** What the profiles' names say of the routes that they are about. */
const routeKinds: Readonly<Record<string, string>> = { "MESH-HTTP": "HTTPRoute", "MESH-GRPC": "GRPCRoute" };
const gatewayRouteKinds: Readonly<Record<string, string>> = {
  "GATEWAY-HTTP": "HTTPRoute",
  "GATEWAY-GRPC": "GRPCRoute",
  "GATEWAY-TLS": "TLSRoute",
};

export interface SuiteRun extends Pick<ConformanceLine, "profiles" | "test" | "channel"> {
  readonly identity: ProjectIdentity;
  readonly reportFile: string;
}

/** One flag a line: the suite's, and before them those of Go's testing package. */
export function suiteFlags(run: SuiteRun): readonly string[] {
  const { profiles, test, identity, reportFile } = run;
  return [
    "--test.v",
    `--conformance-profiles=${profiles.join(",")}`,
    ...(isFirstLook(run) ? gatewayFlags(profiles) : meshFlags(run)),
    "--organization=waystone",
    "--project=waystone",
    `--url=${identity.url}`,
    `--version=${identity.version}`,
    `--contact=${identity.contact}`,
    ...(test === undefined ? [`--report-output=${reportFile}`] : [`--run-test=${test}`]),
  ];
}

function meshFlags({ profiles, channel }: SuiteRun): readonly string[] {
  return [
    // Go's default of ten minutes is for the whole run. Nothing inside the suite is given more time.
    "--test.timeout=30m",
    `--supported-features=${featuresOf(profiles, channel).join(",")}`,
    // On every Namespace that the suite makes: its Services are captured, and a waypoint comes by itself.
    `--namespace-annotations=${useWaypointKey}=waypoint`,
  ];
}

function gatewayFlags(profiles: readonly string[]): readonly string[] {
  const kinds = profiles.flatMap((profile) => gatewayRouteKinds[profile] ?? []);
  return [
    "--test.timeout=60m",
    `--gateway-class=${waypointClassName}`,
    `--supported-features=${["Gateway", "ReferenceGrant", ...kinds].join(",")}`,
    `--timeout-config-overrides=${shortWaits.map((wait) => `${wait}:5`).join(";")}`,
  ];
}

/** Seconds are enough for a status that comes at all; by default they wait for up to three minutes each. */
const shortWaits: readonly string[] = [
  "GatewayMustHaveAddress",
  "GatewayMustHaveCondition",
  "GatewayStatusMustHaveListeners",
  "GatewayListenersMustHaveConditions",
  "HTTPRouteMustNotHaveParents",
  "HTTPRouteMustHaveCondition",
  "TLSRouteMustHaveCondition",
  "RouteMustHaveParents",
  "LatestObservedGenerationSet",
  "DefaultTestTimeout",
];

/** As our GatewayClass has them, but for those of routes that are not asked for. */
function featuresOf(profiles: readonly string[], channel: string): readonly string[] {
  const others = Object.entries(routeKinds).flatMap(([profile, kind]) =>
    profiles.includes(profile) ? [] : [kind],
  );
  return supportedFeatures({ versions: [suiteVersion], channels: [channel] }).filter(
    (feature) => !others.some((kind) => feature.startsWith(kind)),
  );
}

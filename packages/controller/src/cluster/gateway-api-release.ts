/**
 * Which release of the Gateway API is installed, read off its definitions, and what is odd about it. All of it is said in
 * the log; the condition SupportedVersion of the GatewayClass repeats it.
 */
import type { CollectionGraph, Collection } from "@waystone/collection/collection";
import { gatewayGroup } from "@waystone/api/names";
import { type DefinedKind, definedKinds, definitionName, servedVersion } from "./followed-kinds.ts";
import type { Definition } from "./strip/strip-definition.ts";

export interface GatewayApiRelease {
  /** Kinds that a waypoint needs, as far as they are not served: "HTTPRoute". All of them: it is not installed. */
  readonly missing: readonly string[];
  /** Kinds that are followed where they are there, as far as they are not: "TCPRoute". */
  readonly absent: readonly string[];
  /** "v1.6.3"; several where a release was applied halfway; none where it is not installed. */
  readonly versions: readonly string[];
  /** "standard", "experimental". */
  readonly channels: readonly string[];
  /** Why this is no release that we know; undefined: it is. */
  readonly oddity: string | undefined;
}

const neededKinds: readonly DefinedKind[] = [
  definedKinds.gatewayClasses,
  definedKinds.gateways,
  definedKinds.httpRoutes,
  definedKinds.referenceGrants,
];

/** The experimental channel alone has some of them. */
const furtherKinds: readonly DefinedKind[] = [
  definedKinds.grpcRoutes,
  definedKinds.tlsRoutes,
  definedKinds.tcpRoutes,
  definedKinds.backendTlsPolicies,
  definedKinds.backendTrafficPolicies,
];

/** The first with HTTPRoutes for Services in its standard channel, and ReferenceGrants as they are. */
const oldestMinor = 2;
const knownMajor = 1;

/** What to install where there is none. */
export const installCommand =
  "kubectl apply --server-side -f https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.3/standard-install.yaml";

export function isInstalled({ missing }: GatewayApiRelease): boolean {
  return missing.length === 0;
}

/** A collection of one. */
export function deriveGatewayApiRelease(
  graph: CollectionGraph,
  definitions: Collection<Definition>,
): Collection<GatewayApiRelease> {
  return graph.singleton("gateway-api-release", (context) => {
    const installed = (kind: DefinedKind): InstalledKind => ({
      kind,
      definition: context.get(definitions, definitionName(kind)),
    });
    return readRelease(neededKinds.map(installed), furtherKinds.map(installed));
  });
}

interface InstalledKind {
  readonly kind: DefinedKind;
  readonly definition: Definition | undefined;
}

export function readRelease(
  kinds: readonly InstalledKind[],
  further: readonly InstalledKind[],
): GatewayApiRelease {
  const missing = notServed(kinds);
  const bundles = kinds.flatMap(({ definition }) => (definition === undefined ? [] : [definition.bundle]));
  const versions = unique(bundles.map(({ version }) => version ?? "unknown"));
  const channels = unique(bundles.map(({ channel }) => channel ?? "unknown"));
  return {
    missing,
    absent: notServed(further),
    versions,
    channels,
    oddity: bundles.length === 0 ? undefined : oddityOf(missing, versions),
  };
}

function notServed(kinds: readonly InstalledKind[]): readonly string[] {
  return kinds
    .filter(({ kind, definition }) => servedVersion(kind, definition) === undefined)
    .map(({ kind }) => kind.kind);
}

/** For the end of a sentence about the release; empty where every kind is there. */
export function describeAbsent({ absent }: GatewayApiRelease): string {
  if (absent.length === 0) return "";
  return `; not installed, and followed as soon as ${absent.length === 1 ? "it is" : "they are"}: ${absent.join(", ")}`;
}

function oddityOf(missing: readonly string[], versions: readonly string[]): string | undefined {
  if (missing.length > 0) return `${missing.join(", ")} of ${gatewayGroup} ${isAre(missing)} missing`;
  if (versions.length > 1) return `its definitions are of several releases: ${versions.join(", ")}`;
  const [version = "unknown"] = versions;
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === undefined || minor === undefined) return `its release is ${version}, which can't be judged`;
  if (Number(major) !== knownMajor)
    return `release ${version} is of another major version than v${knownMajor}`;
  if (Number(minor) >= oldestMinor) return undefined;
  return `release ${version} is older than v${knownMajor}.${oldestMinor}, the oldest that is known to work`;
}

const isAre = (several: readonly unknown[]): string => (several.length === 1 ? "is" : "are");

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}

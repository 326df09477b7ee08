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
  return graph.singleton("gateway-api-release", (context) =>
    readRelease(
      neededKinds.map((kind) => ({ kind, definition: context.get(definitions, definitionName(kind)) })),
    ),
  );
}

interface NeededKind {
  readonly kind: DefinedKind;
  readonly definition: Definition | undefined;
}

export function readRelease(kinds: readonly NeededKind[]): GatewayApiRelease {
  const missing = kinds
    .filter(({ kind, definition }) => servedVersion(kind, definition) === undefined)
    .map(({ kind }) => kind.kind);
  const bundles = kinds.flatMap(({ definition }) => (definition === undefined ? [] : [definition.bundle]));
  const versions = unique(bundles.map(({ version }) => version ?? "unknown"));
  const channels = unique(bundles.map(({ channel }) => channel ?? "unknown"));
  return {
    missing,
    versions,
    channels,
    oddity: bundles.length === 0 ? undefined : oddityOf(missing, versions),
  };
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

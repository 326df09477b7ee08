/**
 * How AuthenticationPolicies of several levels become one: `requirement`, `jwt`, `apiKeys`, `basic` each as a whole, from the most
 * specific policy that says it (rule, route, port, Service, namespace, waypoint; then the older; then the name: GEP-713). The one place
 * where this is decided, for waypoints, status and `explain` alike.
 */
import { compareByAge } from "../authorization/policy-age.ts";
import type { ApiKeysMethod, AuthenticationPolicy, BasicMethod, JwtMethod, Requirement } from "./policy.ts";

/** In falling order of how much they say about one request. */
export const levels = ["rule", "route", "port", "Service", "Namespace", "Gateway"] as const;
export type Level = (typeof levels)[number];

export interface LeveledPolicy {
  readonly policy: AuthenticationPolicy;
  readonly level: Level;
  /** Its target has no such section: where it would hold nobody knows, so that nobody is let in. */
  readonly isSectionMissing: boolean;
}

export interface MergedAuthentication {
  readonly requirement: Requirement;
  readonly jwt: JwtMethod | undefined;
  readonly apiKeys: ApiKeysMethod | undefined;
  readonly basic: BasicMethod | undefined;
  /** Why nobody can be let in; "": that is not so. */
  readonly unusable: string;
  /** Resource names: who says each field. */
  readonly requirementBy: string | undefined;
  readonly jwtBy: string | undefined;
  readonly apiKeysBy: string | undefined;
  readonly basicBy: string | undefined;
  /** Each once, the most specific first. */
  readonly policies: readonly string[];
  /** Those of whose fields none is in force, and who is instead. */
  readonly overridden: ReadonlyMap<string, readonly string[]>;
}

export const mergedFields = ["requirement", "jwt", "apiKeys", "basic"] as const;
export type MergedField = (typeof mergedFields)[number];

export function mergeLevels(applied: readonly LeveledPolicy[]): MergedAuthentication | undefined {
  if (applied.length === 0) return undefined;
  const ordered = applied.toSorted(compare);
  const winners = new Map<MergedField, AuthenticationPolicy>();
  const winnerOf = (field: MergedField): AuthenticationPolicy | undefined => {
    const winner = ordered.find(({ policy }) => policy[field] !== undefined)?.policy;
    if (winner !== undefined) winners.set(field, winner);
    return winner;
  };
  const requirement = winnerOf("requirement");
  const jwt = winnerOf("jwt");
  const apiKeys = winnerOf("apiKeys");
  const basic = winnerOf("basic");
  const inForce = new Set([...winners.values()].map(({ key }) => key));
  const shut = ordered.flatMap(({ policy, isSectionMissing }) => {
    if (policy.unusable.length > 0)
      return `${policy.key} cannot be carried out: ${policy.unusable.join("; ")}`;
    if (isSectionMissing) return `${policy.key} names a section that its target does not have`;
    return [];
  });
  const policies = [...new Set(ordered.map(({ policy }) => policy.key))];
  return {
    requirement: requirement?.requirement ?? "Required",
    jwt: jwt?.jwt,
    apiKeys: apiKeys?.apiKeys,
    basic: basic?.basic,
    unusable: shut[0] ?? "",
    requirementBy: requirement?.key,
    jwtBy: jwt?.key,
    apiKeysBy: apiKeys?.key,
    basicBy: basic?.key,
    policies,
    overridden: overriddenBy(ordered, inForce, winners),
  };
}

function overriddenBy(
  ordered: readonly LeveledPolicy[],
  inForce: ReadonlySet<string>,
  winners: ReadonlyMap<MergedField, AuthenticationPolicy>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { policy } of ordered) {
    // What closes its targets is not out of force.
    if (inForce.has(policy.key) || policy.unusable.length > 0) continue;
    const said = mergedFields.filter((field) => policy[field] !== undefined);
    found.set(policy.key, [...new Set(said.flatMap((field) => winners.get(field)?.key ?? []))]);
  }
  return found;
}

function compare(a: LeveledPolicy, b: LeveledPolicy): number {
  const level = levels.indexOf(a.level) - levels.indexOf(b.level);
  return level === 0 ? compareByAge(a.policy, b.policy) : level;
}

/**
 * What authentication does at one port (or rule of a route) as a whole: the merged policies, ready to decide, with every verdict made
 * beforehand. Made when configuration changes.
 */
import type { Decision } from "../authorization/program.ts";
import { type CredentialPlace, placeKey } from "./credential-places.ts";
import { type LeveledPolicy, mergeLevels, type MergedAuthentication } from "./merge-levels.ts";
import type { ApiKeysMethod, BasicMethod, JwtProvider } from "./policy.ts";

export interface AuthenticationPlan {
  readonly merged: MergedAuthentication;
  /** False: one that shows nothing goes on as nobody. */
  readonly isRequired: boolean;
  /** Where tokens are looked for. */
  readonly places: readonly CredentialPlace[];
  /** Query parameters that hold credentials, of shadowed policies too: no log shows what they say. */
  readonly hidden: readonly string[];
  /** By issuer. */
  readonly providers: ReadonlyMap<string, readonly PlannedProvider[]>;
  readonly apiKeys: PlannedSecrets<ApiKeysMethod> | undefined;
  readonly basic: PlannedSecrets<BasicMethod> | undefined;
  /** How a 401 says what is asked for: the lines of WWW-Authenticate, and those for who showed a token that is not taken. */
  readonly challenge: string;
  readonly tokenChallenge: string;
  /** Lower-case: what policies set here, and clients never do. */
  readonly ownedHeaders: ReadonlySet<string>;
  /** One that shows nothing. */
  readonly anonymous: Decision;
  /** One that shows what is wrong. */
  readonly refused: Decision;
  /** Lower-case: what credentials are shown in. */
  readonly shownIn: ReadonlySet<string>;
  /** What shadowed policies would make of it: all policies together. */
  readonly shadow: AuthenticationPlan | undefined;
}

export interface PlannedProvider {
  readonly provider: JwtProvider;
  readonly accepted: Decision;
  /** Of the plan's places those that are this provider's. */
  readonly places: ReadonlySet<CredentialPlace>;
}

/** A method whose credentials come as a Secret. */
export interface PlannedSecrets<Method> {
  readonly method: Method;
  readonly accepted: Decision;
  /** The resource name of the policy, which is that of the Secret. */
  readonly by: string;
}

/** Undefined: no policy is about it. */
export function buildPlan(applied: readonly LeveledPolicy[]): AuthenticationPlan | undefined {
  if (applied.length === 0) return undefined;
  const enforced = applied.filter(({ policy }) => policy.mode === "Enforce");
  const all = applied.length === enforced.length ? undefined : planOf(applied, "Shadow", undefined);
  return planOf(enforced, "Enforce", all);
}

function planOf(
  applied: readonly LeveledPolicy[],
  mode: Decision["mode"],
  shadow: AuthenticationPlan | undefined,
): AuthenticationPlan {
  const merged = mergeLevels(applied) ?? nothingMerged;
  const providers = merged.jwt?.providers ?? [];
  const asked = merged.jwtBy ?? merged.apiKeysBy ?? merged.basicBy ?? merged.policies[0];
  const whom = merged.requirementBy ?? asked;
  const decide = (
    verdict: Decision["verdict"],
    rule: string,
    policy: string | undefined,
    message: string,
  ): Decision => ({
    verdict,
    mode,
    reason: merged.unusable === "" ? "authentication" : "policy-unusable",
    policies: policy === undefined ? [] : [policy],
    rule,
    message: merged.unusable === "" ? message : merged.unusable,
  });
  const isRequired = merged.requirement === "Required" && merged.policies.length > 0;
  const places = new Map(providers.flatMap((each) => each.places).map((place) => [placeKey(place), place]));
  const byIssuer = new Map<string, PlannedProvider[]>();
  for (const provider of providers) {
    const planned: PlannedProvider = {
      provider,
      accepted: decide("allow", provider.name, merged.jwtBy, `a token of ${provider.name}`),
      places: new Set(provider.places.flatMap((place) => places.get(placeKey(place)) ?? [])),
    };
    const known = byIssuer.get(provider.issuer);
    if (known === undefined) byIssuer.set(provider.issuer, [planned]);
    else known.push(planned);
  }
  const planned = <Method>(
    method: Method | undefined,
    by = "",
    rule: string,
  ): PlannedSecrets<Method> | undefined =>
    method === undefined ? undefined : { method, by, accepted: decide("allow", rule, by, `by ${rule}`) };
  const apiKeys = planned(merged.apiKeys, merged.apiKeysBy, "apiKeys");
  const basic = planned(merged.basic, merged.basicBy, "basic");
  const allPlaces = [...places.values(), ...(apiKeys?.method.places ?? [])];
  const owned = [
    ...providers.flatMap(({ claimsToHeaders }) => claimsToHeaders.map(({ header }) => header)),
    ...[apiKeys?.method.ownerHeader, basic?.method.userHeader].filter((name) => name !== undefined),
  ];
  return {
    merged,
    isRequired,
    places: [...places.values()],
    hidden: [
      ...allPlaces.flatMap(({ type, name }) => (type === "query" ? name : [])),
      ...(shadow?.hidden ?? []),
    ],
    providers: byIssuer,
    apiKeys,
    basic,
    challenge: challenges(merged, "Bearer"),
    tokenChallenge: challenges(merged, 'Bearer error="invalid_token"'),
    ownedHeaders: new Set([...owned.map((name) => name.toLowerCase()), ...(shadow?.ownedHeaders ?? [])]),
    shownIn: new Set(allPlaces.flatMap(({ type, name }) => (type === "header" ? name.toLowerCase() : []))),
    anonymous: isRequired
      ? decide("deny", "", whom, "shows nothing that says who asks")
      : decide("allow", "", whom, "shows nothing, and need not"),
    refused: decide("deny", "", asked, "shows what cannot be taken"),
    shadow,
  };
}

/** One line for each method (RFC 9110 11.6.1): a browser asks for a name and password where it reads Basic (RFC 7617 2). */
function challenges({ jwt, apiKeys, basic }: MergedAuthentication, bearer: string): string {
  const lines = [
    ...(jwt === undefined ? [] : [bearer]),
    // No scheme is registered for it, and a 401 has to name one.
    ...(apiKeys === undefined ? [] : ["ApiKey"]),
    ...(basic === undefined ? [] : ['Basic realm="restricted", charset="UTF-8"']),
  ];
  return lines.map((line) => `WWW-Authenticate: ${line}\r\n`).join("");
}

const nothingMerged: MergedAuthentication = {
  requirement: "Optional",
  jwt: undefined,
  apiKeys: undefined,
  basic: undefined,
  unusable: "",
  requirementBy: undefined,
  jwtBy: undefined,
  apiKeysBy: undefined,
  basicBy: undefined,
  policies: [],
  overridden: new Map(),
};

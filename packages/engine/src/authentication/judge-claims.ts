/**
 * Whether a token whose signature held is one that is taken here and now: asked at every request, of remembered tokens too, so that nothing
 * that a policy says is remembered with them.
 */
import type { CredentialPlace } from "./credential-places.ts";
import type { AuthenticationPlan, PlannedProvider } from "./plan.ts";
import type { TokenClaims } from "./token-claims.ts";

export type ClaimsVerdict = { readonly accepted: PlannedProvider } | { readonly refused: string };

/** `place`: of the plan. `isSigned`: whether the keys of the provider hold the one that made the signature. `now`: Unix time in milliseconds; undefined: whenever. */
export function judgeClaims(
  { providers }: AuthenticationPlan,
  {
    place,
    claims,
    now,
  }: { readonly place: CredentialPlace; readonly claims: TokenClaims; readonly now: number | undefined },
  isSigned: (provider: PlannedProvider["provider"]) => boolean,
): ClaimsVerdict {
  const known = providers.get(claims.issuer);
  if (known === undefined) return unknownIssuer;
  let refused = "";
  for (let i = 0; i < known.length; i++) {
    const each = known[i]!;
    const problem =
      problemWith(each, place, claims, now) ??
      (isSigned(each.provider) ? undefined : "no key made its signature");
    if (problem === undefined) return { accepted: each };
    refused ||= problem;
  }
  return { refused };
}

const unknownIssuer: ClaimsVerdict = { refused: "its issuer is not one of the providers" };

function problemWith(
  { provider, places }: PlannedProvider,
  place: CredentialPlace,
  claims: TokenClaims,
  now: number | undefined,
): string | undefined {
  if (!places.has(place)) return "it is not where the provider's tokens are looked for";
  const { audiences, clockSkewMs } = provider;
  if (audiences.length > 0 && !audiences.some((each) => claims.audiences.includes(each)))
    return "it is for another audience";
  return now === undefined ? undefined : problemWithTime(claims, clockSkewMs, now);
}

function problemWithTime(
  { expires, notBefore, issuedAt }: TokenClaims,
  clockSkewMs: number,
  now: number,
): string | undefined {
  if (expires !== undefined && expires * 1000 + clockSkewMs <= now) return "it has expired";
  if (notBefore !== undefined && notBefore * 1000 - clockSkewMs > now) return "it is not valid yet";
  if (issuedAt !== undefined && issuedAt * 1000 - clockSkewMs > now) return "it was issued in the future";
  return undefined;
}

/**
 * Who asks, by what a request shows: asked after its route is known and before authorization, and again for the policies of another
 * Service that it is sent on to. A token that was verified before is one look-up; another parks the exchange until jose has answered.
 * What cannot be told is refused (design/0005-who-asks.md).
 */
import { findCredentials, withoutCookie } from "@waystone/engine/authentication/credential-places";
import { judgeClaims } from "@waystone/engine/authentication/judge-claims";
import type { AuthenticationPlan, PlannedProvider } from "@waystone/engine/authentication/plan";
import type { Decision } from "@waystone/engine/authorization/program";
import type { Credential } from "@waystone/engine/authentication/credential-places";
import type { Matched } from "@waystone/engine/route/route";
import type { ServedPort } from "../store/snapshot.ts";
import type { VerifiedToken } from "../tokens/verified-tokens.ts";
import type { Objection } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import { claimLines, dropHeaders, rewriteCookies, setHeaders } from "./identity-headers.ts";

/** What decides about a request at its port; "none": no rule matched. */
export function planAt(
  { policies }: ServedPort,
  matched: Matched | undefined | "none",
): AuthenticationPlan | undefined {
  if (policies === undefined) return undefined;
  if (matched === undefined || matched === "none") return policies.authentication;
  return policies.authenticationOfRules.get(matched.rule) ?? policies.authentication;
}

type Verdict =
  | { readonly accepted: PlannedProvider; readonly token: VerifiedToken; readonly credential: Credential }
  | { readonly anonymous: true }
  | { readonly refused: string }
  /** Its signature has to be looked at first. */
  | { readonly unverified: string };

/** Goes on, at once where it can, with what the request is to be known by; else it is answered. */
export function authenticate(
  exchange: Exchange,
  plan: AuthenticationPlan | undefined,
  goOn: () => void,
): void {
  exchange.token = undefined;
  if (plan === undefined) return goOn();
  dropHeaders(exchange, plan.ownedHeaders);
  if (plan.hidden.length > 0) exchange.hidden = [...exchange.hidden, ...plan.hidden];
  noteShadow(exchange, plan);
  const verdict = judge(exchange, plan, exchange.context.proxy.clock.wallMs());
  if (!("unverified" in verdict)) return settle(exchange, plan, verdict, goOn);
  const { tokens, clock } = exchange.context.proxy;
  tokens.verify(verdict.unverified, plan, (outcome) => {
    if (exchange.isOver) return;
    exchange.guard(() => {
      if ("overloaded" in outcome) return exchange.fail("overloaded", "too many tokens are being verified");
      if ("refused" in outcome) return settle(exchange, plan, outcome, goOn);
      exchange.verified = outcome.token;
      const now = judge(exchange, plan, clock.wallMs());
      settle(exchange, plan, "unverified" in now ? { refused: "its key has gone" } : now, goOn);
    });
  });
}

/** `wallMs` undefined: it was let in before, and time is not asked again. */
function judge(exchange: Exchange, plan: AuthenticationPlan, wallMs: number | undefined): Verdict {
  if (plan.merged.unusable !== "") return { refused: plan.merged.unusable };
  const found = findCredentials(plan.places, exchange);
  if ("refused" in found) return found;
  const [credential] = found;
  if (credential === undefined) return { anonymous: true };
  const { text, place } = credential;
  if (found.some((each) => each.text !== text)) return { refused: "it shows several tokens" };
  const { tokens } = exchange.context.proxy;
  const known = exchange.verified?.text === text ? exchange.verified : tokens.verified.get(text);
  if (known === undefined) return { unverified: text };
  let isKeyKnown = true;
  const judged = judgeClaims(plan, { place, claims: known.claims, now: wallMs }, ({ keys }) => {
    isKeyKnown = tokens.ring.keysOf(keys)?.fingerprints.has(known.fingerprint) === true;
    return isKeyKnown;
  });
  if ("accepted" in judged) return { accepted: judged.accepted, token: known, credential };
  if (isKeyKnown || exchange.verified === known) return judged;
  return { unverified: text };
}

function settle(
  exchange: Exchange,
  plan: AuthenticationPlan,
  verdict: Exclude<Verdict, { unverified: string }>,
  goOn: () => void,
): void {
  const { decisions } = exchange.context.proxy;
  const decision = decisionOf(plan, verdict);
  decisions.count(decision);
  if (decision.policies.length > 0) exchange.decision = decision;
  if (decision.verdict === "deny") return refuse(exchange, plan, verdict);
  if ("accepted" in verdict) {
    exchange.token = verdict.token.claims;
    exchange.verified = verdict.token;
    takeOver(exchange, plan, verdict.accepted, verdict.token);
  }
  goOn();
}

function decisionOf(plan: AuthenticationPlan, verdict: Verdict): Decision {
  if ("accepted" in verdict) return verdict.accepted.accepted;
  return "anonymous" in verdict ? plan.anonymous : plan.refused;
}

function refuse(exchange: Exchange, plan: AuthenticationPlan, verdict: Verdict): void {
  const hasTokens = plan.providers.size > 0;
  if ("refused" in verdict) {
    // RFC 6750 3.1; the reason is for the log, as whoever asks has not said yet who it is.
    if (hasTokens) exchange.challenge = 'WWW-Authenticate: Bearer error="invalid_token"\r\n';
    return exchange.fail("credential-refused", verdict.refused);
  }
  if (hasTokens) exchange.challenge = "WWW-Authenticate: Bearer\r\n";
  exchange.fail("credential-missing", "a policy requires one");
}

/** What the endpoint gets, and does not get, of the token. */
function takeOver(
  exchange: Exchange,
  plan: AuthenticationPlan,
  { provider }: PlannedProvider,
  { claims }: VerifiedToken,
): void {
  if (provider.claimsToHeaders.length > 0) setHeaders(exchange, claimLines(provider.claimsToHeaders, claims));
  if (provider.forward) return;
  for (const place of plan.places) {
    if (place.type === "header") dropHeaders(exchange, [place.name]);
    else if (place.type === "query") exchange.withheld = [...exchange.withheld, place.name];
    else rewriteCookies(exchange, (lines) => withoutCookie(lines, place.name));
  }
}

/** What shadowed policies would make of it. Nobody waits for that: it is noted when it is known. */
function noteShadow(exchange: Exchange, { shadow }: AuthenticationPlan): void {
  if (shadow === undefined) return;
  const { tokens, clock, decisions } = exchange.context.proxy;
  const verdict = judge(exchange, shadow, clock.wallMs());
  if (!("unverified" in verdict)) return decisions.noteShadow(exchange, decisionOf(shadow, verdict));
  tokens.verify(verdict.unverified, shadow, (outcome) => {
    if ("overloaded" in outcome) return;
    const judged = "refused" in outcome ? outcome : judge(exchange, shadow, clock.wallMs());
    decisions.noteShadow(exchange, decisionOf(shadow, judged));
  });
}

/**
 * Why the request would not be let in by the plan now. Sets what it is known by where it would. Time is not asked again: a stream
 * that a token began goes on after the token has expired, as in Envoy.
 */
export function objectionToIdentity(
  exchange: Exchange,
  plan: AuthenticationPlan | undefined,
): Objection | undefined {
  exchange.token = undefined;
  if (plan === undefined) return undefined;
  const verdict = judge(exchange, plan, undefined);
  if ("accepted" in verdict) {
    exchange.token = verdict.token.claims;
    return undefined;
  }
  if ("anonymous" in verdict && !plan.isRequired) return undefined;
  const detail = "refused" in verdict ? verdict.refused : "what it shows is not enough any more";
  return { kind: "credential-refused", detail };
}

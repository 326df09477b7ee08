/**
 * Who asks, by what a request shows: asked after its route is known and before authorization, and again for the policies of another
 * Service that it is sent on to. A token that was verified before is one look-up; another parks the exchange until jose has answered.
 * What cannot be told is refused (design/0005-who-asks.md).
 */
import { withoutCookie } from "@waystone/engine/authentication/credential-places";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { Decision } from "@waystone/engine/authorization/program";
import type { HeaderBlock } from "../http/header-block.ts";
import type { PasswordQuestion } from "../passwords/password-checker.ts";
import type { Objection } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import { dropClaims, dropHeaders, rewriteCookies, setHeaders } from "./identity-headers.ts";
import { type Accepted, comparedBy, judge, type Verdict } from "./judge-credentials.ts";

/** Goes on, at once where it can, with what the request is to be known by; else it is answered. */
export function authenticate(
  exchange: Exchange,
  plan: AuthenticationPlan | undefined,
  goOn: () => void,
): void {
  exchange.token = undefined;
  if (plan === undefined) return goOn();
  dropClaims(exchange, plan.ownedHeaders);
  if (plan.hidden.length > 0) exchange.hidden = [...exchange.hidden, ...plan.hidden];
  noteShadow(exchange, plan);
  decideOrWait(exchange, plan, goOn);
}

/** Each wait is for another thing, or the last: a token, then a password. */
function decideOrWait(exchange: Exchange, plan: AuthenticationPlan, goOn: () => void, waits = 0): void {
  const verdict = judge(exchange, plan, exchange.context.proxy.clock.wallMs());
  if (!isOpen(verdict)) return settle(exchange, plan, verdict, goOn);
  if (waits > 1) return settle(exchange, plan, { refused: "what it was checked by has gone" }, goOn);
  whenChecked(exchange, plan, verdict, (refusal) => {
    if (exchange.isOver) return;
    exchange.guard(() => {
      if (refusal === "overloaded") exchange.fail("overloaded", "too many credentials are being checked");
      else if (refusal !== undefined) settle(exchange, plan, refusal, goOn);
      else decideOrWait(exchange, plan, goOn, waits + 1);
    });
  });
}

type OpenVerdict = Extract<Verdict, { unverified: string } | { unchecked: PasswordQuestion }>;
type Refusal = Extract<Verdict, { refused: string }>;

function isOpen(verdict: Verdict): verdict is OpenVerdict {
  return "unverified" in verdict || "unchecked" in verdict;
}

/** Tells undefined where it was right: the exchange then knows it. */
function whenChecked(
  exchange: Exchange,
  plan: AuthenticationPlan,
  verdict: OpenVerdict,
  tell: (refusal: Refusal | "overloaded" | undefined) => void,
): void {
  const { tokens, passwords } = exchange.context.proxy;
  if ("unchecked" in verdict) {
    const { hash } = verdict.unchecked;
    passwords.check(verdict.unchecked, (outcome) => {
      if (outcome === "overloaded") return tell("overloaded");
      if (outcome === "wrong") return tell({ refused: "nobody has this name and password" });
      comparedBy.set(exchange, hash.text);
      tell(undefined);
    });
    return;
  }
  tokens.verify(verdict.unverified, plan, (outcome) => {
    if ("overloaded" in outcome) return tell("overloaded");
    if ("refused" in outcome) return tell({ ...outcome, isToken: true });
    exchange.verified = outcome.token;
    tell(undefined);
  });
}

function settle(
  exchange: Exchange,
  plan: AuthenticationPlan,
  verdict: Exclude<Verdict, OpenVerdict>,
  goOn: () => void,
): void {
  const { decisions } = exchange.context.proxy;
  const decision = decisionOf(plan, verdict);
  decisions.count(decision);
  if (decision.policies.length > 0) exchange.decision = decision;
  if (decision.verdict === "deny") return refuse(exchange, plan, verdict);
  if ("accepted" in verdict) {
    exchange.token = verdict.identity;
    exchange.principal = verdict.identity.principal;
    exchange.verified = verdict.token ?? exchange.verified;
    takeOver(exchange, verdict);
  }
  goOn();
}

function decisionOf(plan: AuthenticationPlan, verdict: Verdict): Decision {
  if ("accepted" in verdict) return verdict.accepted;
  return "anonymous" in verdict ? plan.anonymous : plan.refused;
}

function refuse(exchange: Exchange, plan: AuthenticationPlan, verdict: Verdict): void {
  if ("refused" in verdict) {
    // RFC 6750 3.1; the reason is for the log, as whoever asks has not said yet who it is.
    exchange.challenge = verdict.isToken === true ? plan.tokenChallenge : plan.challenge;
    return exchange.fail("credential-refused", verdict.refused);
  }
  exchange.challenge = plan.challenge;
  exchange.fail("credential-missing", "a policy requires one");
}

/** What the endpoint gets, and does not get, of what was shown. */
function takeOver(exchange: Exchange, { lines, withheld }: Accepted): void {
  if (lines.length > 0) setHeaders(exchange, lines);
  for (const place of withheld) {
    if (place.type === "header") dropHeaders(exchange, [place.name]);
    else if (place.type === "query") exchange.withheld = [...exchange.withheld, place.name];
    else rewriteCookies(exchange, (cookies) => withoutCookie(cookies, place.name));
  }
}

/** What the endpoint of a copy gets: as though the request had been sent to its Service. */
export function headersAt(exchange: Exchange, plan: AuthenticationPlan | undefined): HeaderBlock {
  const { head, withheld } = exchange;
  if (plan === undefined) return head.headers;
  dropClaims(exchange, plan.ownedHeaders);
  const verdict = judge(exchange, plan, undefined);
  if ("accepted" in verdict) takeOver(exchange, verdict);
  const { headers } = exchange.head;
  exchange.head = head;
  exchange.withheld = withheld;
  return headers;
}

/** What shadowed policies would make of it. Nobody waits for that: it is noted when it is known. */
function noteShadow(exchange: Exchange, { shadow }: AuthenticationPlan): void {
  if (shadow === undefined) return;
  const { clock, decisions } = exchange.context.proxy;
  const note = (verdict: Verdict): void => decisions.noteShadow(exchange, decisionOf(shadow, verdict));
  const verdict = judge(exchange, shadow, clock.wallMs());
  if (!isOpen(verdict)) return note(verdict);
  whenChecked(exchange, shadow, verdict, (refusal) => {
    if (refusal === "overloaded") return;
    const judged = refusal ?? judge(exchange, shadow, clock.wallMs());
    // A token and a password, both new: the second is not worth the wait.
    if (!isOpen(judged)) note(judged);
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
    exchange.token = verdict.identity;
    return undefined;
  }
  if ("anonymous" in verdict && !plan.isRequired) return undefined;
  const detail = "refused" in verdict ? verdict.refused : "what it shows is not enough any more";
  return { kind: "credential-refused", detail };
}

/**
 * The policies of one port, or of one rule of a route on it, ready to decide: sorted by what they do, with every verdict made
 * beforehand, so that deciding allocates nothing. Made when configuration changes (policy-index.ts).
 */
import { assurances } from "./assurance.ts";
import type { Destination } from "./authorization-request.ts";
import type { Authorizer } from "./authorizer.ts";
import type { Condition } from "./condition.ts";
import { allJudged, type JudgedHeaders } from "./judged-headers.ts";
import { compareByAge } from "./policy-age.ts";
import type { AuthorizationPolicy, AuthorizationRule } from "./policy.ts";

export interface Decision {
  /** "ask": a CUSTOM matched, so that its provider has the word. */
  readonly verdict: "allow" | "deny" | "audit" | "ask";
  /** Shadow: what would have been. */
  readonly mode: "Enforce" | "Shadow";
  readonly reason: DecisionReason;
  /** Resource names: the policy that decided, or those of which none allowed. */
  readonly policies: readonly string[];
  /** The label of the rule; "" where none decided. */
  readonly rule: string;
  /** For people. */
  readonly message: string;
}

export type DecisionReason =
  /** A rule matched. */
  | "rule-matched"
  /** There is no ALLOW, so that all is allowed that nothing denies. */
  | "no-allow-policy"
  /** There is an ALLOW, and none matched. */
  | "no-allow-matched"
  /** A policy cannot be carried out. */
  | "policy-unusable"
  /** An external authorizer was asked. */
  | "authorizer-answered"
  /** By what a request shows of who asks (engine/authentication). */
  | "authentication";

export interface Program {
  /** What conditions see of where requests go. */
  readonly destination: Destination;
  /** In the order in which they are asked. */
  readonly unusable: readonly PreparedPolicy[];
  /** Why nobody can tell what is to hold here; "" where everything could be read. */
  readonly unread: string;
  readonly customs: readonly PreparedCustom[];
  readonly denies: readonly PreparedPolicy[];
  readonly allows: readonly PreparedPolicy[];
  readonly audits: readonly PreparedPolicy[];
  /** What is shadowed, each in the same order; undefined: nothing is. */
  readonly shadow: ShadowProgram | undefined;
  /** Of what no policy allows; undefined: all is allowed. */
  readonly defaultDeny: Decision | undefined;
  /** Whether a path decides anything: encoded slashes are then refused (design.md section 5). */
  readonly judgesPaths: boolean;
  /** Which headers decide anything. An authorizer that is asked may go by any of them. */
  readonly judgedHeaders: JudgedHeaders;
  /** Whether who the client is decides anything: it is then waited for. */
  readonly readsIdentity: boolean;
  /** Whether a DENY in force asks for what a connection does not have: one that is led to an HTTP port cannot be judged by it. */
  readonly deniesByRequest: boolean;
}

export type ShadowProgram = Pick<
  Program,
  "unusable" | "customs" | "denies" | "allows" | "audits" | "defaultDeny" | "readsIdentity"
>;

export interface PreparedPolicy {
  readonly policy: AuthorizationPolicy;
  /** The least that `assuranceLevel` must say before a rule matches. */
  readonly minimumLevel: number;
  readonly rules: readonly PreparedRule[];
  /** Why not all of it holds here as written; "": all does. */
  readonly note: string;
  /** Of an unusable one. */
  readonly refusal: Decision;
}

export interface PreparedCustom extends PreparedPolicy {
  readonly provider: Authorizer;
}

export interface PreparedRule {
  readonly rule: AuthorizationRule;
  readonly from: readonly (readonly Condition[])[] | undefined;
  readonly to: readonly (readonly Condition[])[] | undefined;
  readonly matched: Decision;
  /** Of a CUSTOM: what the provider's word comes to. */
  readonly answers: AuthorizerAnswers | undefined;
}

export interface AuthorizerAnswers {
  readonly allowed: Decision;
  readonly denied: Decision;
}

/** A policy that holds here, and whether its target has the section that it names. */
export interface Applied {
  readonly policy: AuthorizationPolicy;
  readonly isSectionMissing: boolean;
}

/** `hasRequests`: false on ports of which only connections are seen. */
export function buildProgram(
  applied: readonly Applied[],
  destination: Destination,
  hasRequests: boolean,
): Program {
  const sorted = applied.toSorted((a, b) => (a.policy.key < b.policy.key ? -1 : 1));
  const prepared = sorted.map((each) => prepare(each, hasRequests));

  const shadowed = prepared.filter(({ policy }) => policy.mode === "Shadow");
  const enforced = prepared.filter(({ policy }) => policy.mode === "Enforce");
  return {
    destination,
    unread: enforced.flatMap(({ policy }) => (policy.isStandIn === true ? policy.unusable : [])).join("; "),
    ...byAction(enforced, "Enforce", hasRequests),
    shadow: shadowed.length === 0 ? undefined : byAction(shadowed, "Shadow", hasRequests),
    // An authorizer gets the path, and nobody knows what it makes of it.
    judgesPaths: enforced.some(
      ({ policy, rules }) =>
        policy.action === "CUSTOM" || rules.some((rule) => hasCondition(rule, "readsPath")),
    ),
    judgedHeaders: allJudged(enforced.flatMap(({ rules }) => rules.flatMap(headersOf))),
    deniesByRequest: enforced.some(
      ({ policy, rules }) =>
        policy.action === "CUSTOM" ||
        (policy.action === "DENY" && rules.some((rule) => hasCondition(rule, "needsRequest"))),
    ),
  };
}

/** Of a token or a certificate the address says nothing. */
const networkLevel = assurances.indexOf("Network");

/** An authorizer over gRPC is told who asks. */
function readsIdentity({ policy, minimumLevel, rules }: PreparedPolicy): boolean {
  if (policy.provider?.protocol === "grpc" && rules.length > 0) return true;
  return (
    (minimumLevel === networkLevel && rules.length > 0) ||
    rules.some((rule) => hasCondition(rule, "readsIdentity"))
  );
}

function headersOf({ from, to }: PreparedRule): JudgedHeaders[] {
  return [...(from ?? []), ...(to ?? [])].flat().map(({ readsHeaders }) => readsHeaders);
}

/** A rule as it was fitted to connections, where they are all that is seen. */
function hasCondition(
  { from, to }: PreparedRule,
  what: "needsRequest" | "readsIdentity" | "readsPath",
): boolean {
  return [...(from ?? []), ...(to ?? [])].some((each) => each.some((condition) => condition[what]));
}

/** `canAsk`: false where only connections are seen. What a CUSTOM would ask about is denied there. */
function byAction(
  policies: readonly PreparedPolicy[],
  mode: Decision["mode"],
  canAsk: boolean,
): ShadowProgram {
  const usable = policies.filter(({ policy }) => policy.unusable.length === 0);
  const allows = usable.filter(({ policy }) => policy.action === "ALLOW");
  const isDeny = ({ policy }: PreparedPolicy): boolean =>
    policy.action === "DENY" || (policy.action === "CUSTOM" && !canAsk);
  return {
    unusable: policies.filter(({ policy }) => policy.unusable.length > 0),
    customs: canAsk ? usable.flatMap(prepareCustom).toSorted((a, b) => compareByAge(a.policy, b.policy)) : [],
    denies: usable.filter(isDeny),
    allows,
    audits: usable.filter(({ policy }) => policy.action === "AUDIT"),
    defaultDeny: allows.length === 0 ? undefined : denyByDefault(allows, mode),
    readsIdentity: usable.some(readsIdentity),
  };
}

function prepareCustom(prepared: PreparedPolicy): PreparedCustom[] {
  const { provider } = prepared.policy;
  return provider === undefined ? [] : [{ ...prepared, provider }];
}

function denyByDefault(allows: readonly PreparedPolicy[], mode: Decision["mode"]): Decision {
  const policies = allows.map(({ policy }) => policy.key);
  const message = `no rule allows it: ${policies.join(", ")}`;
  return { verdict: "deny", mode, reason: "no-allow-matched", policies, rule: "", message };
}

function prepare({ policy, isSectionMissing }: Applied, hasRequests: boolean): PreparedPolicy {
  const isStricter = policy.action === "DENY" || policy.action === "CUSTOM";
  // An ALLOW for a port that there is not must not allow anything at the others.
  const isEmptied = isSectionMissing && !isStricter;
  const notes = isSectionMissing ? ["its target has no section of that name"] : [];
  const rules = (isEmptied ? [] : policy.rules).flatMap((rule) => {
    const fitted = hasRequests ? rule : fitToConnection(rule, isStricter);
    if (fitted !== rule) notes.push(`rule ${rule.label} asks for more than a connection has`);
    if (fitted === undefined) return [];
    const { from, to } = fitted;
    const matched = hasRequests ? matchedDecision(policy, rule) : matchedConnection(policy, rule);
    return [{ rule, from, to, matched, answers: answersOf(policy, rule) }];
  });
  if (!hasRequests && policy.action === "CUSTOM") {
    notes.push("nobody can be asked about a connection, so that it denies what it would ask about");
  }
  return {
    policy,
    minimumLevel: assurances.indexOf(policy.minimumAssurance),
    rules,
    note: notes.join("; "),
    refusal: {
      verdict: "deny",
      mode: policy.mode,
      reason: "policy-unusable",
      policies: [policy.key],
      rule: "",
      message: `${policy.key} cannot be carried out: ${policy.unusable.join("; ")}`,
    },
  };
}

type Alternatives = PreparedRule["from"];

/**
 * As Istio on TCP ports, it fails closed: an ALLOW or AUDIT that asks for what only a request has matches nothing, a DENY goes by
 * the rest. The rule itself where nothing has to change; undefined: it never matches.
 */
function fitToConnection(rule: AuthorizationRule, isDeny: boolean): AuthorizationRule | undefined {
  const isKnown = ({ needsRequest }: Condition): boolean => !needsRequest;
  const isWhole = [...(rule.from ?? []), ...(rule.to ?? [])].every((each) => each.every(isKnown));
  if (isWhole) return rule;
  const fit = (alternatives: Alternatives): Alternatives => {
    if (alternatives === undefined) return undefined;
    return isDeny
      ? alternatives.map((each) => each.filter(isKnown))
      : alternatives.filter((each) => each.every(isKnown));
  };
  const from = fit(rule.from);
  const to = fit(rule.to);
  return from?.length === 0 || to?.length === 0 ? undefined : { ...rule, from, to };
}

const verdicts = { ALLOW: "allow", DENY: "deny", AUDIT: "audit", CUSTOM: "ask" } as const;

function matchedDecision(policy: AuthorizationPolicy, rule: AuthorizationRule): Decision {
  const verdict = verdicts[policy.action];
  return {
    verdict,
    mode: policy.mode,
    reason: "rule-matched",
    policies: [policy.key],
    rule: rule.label,
    message: `${ruleName(rule)} of ${policy.key} matched (${policy.action})`,
  };
}

function ruleName({ label }: AuthorizationRule): string {
  return label === "" ? "every request" : `rule ${label}`;
}

/** Nobody can be asked about a connection, and who has to be asked about is not let through unasked. */
function matchedConnection(policy: AuthorizationPolicy, rule: AuthorizationRule): Decision {
  const matched = matchedDecision(policy, rule);
  if (matched.verdict !== "ask") return matched;
  return {
    ...matched,
    verdict: "deny",
    message: `${matched.message}, and nobody can be asked about a connection`,
  };
}

function answersOf(policy: AuthorizationPolicy, rule: AuthorizationRule): AuthorizerAnswers | undefined {
  if (policy.action !== "CUSTOM") return undefined;
  const answer = (verdict: "allow" | "deny", word: string): Decision => ({
    ...matchedDecision(policy, rule),
    verdict,
    reason: "authorizer-answered",
    message: `the authorizer of ${policy.key} ${word} it`,
  });
  return { allowed: answer("allow", "allows"), denied: answer("deny", "denies") };
}

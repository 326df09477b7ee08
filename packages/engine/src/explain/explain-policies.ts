/** What the policies of a port say to a request or connection: each with what matched or the first thing that did not. */
import {
  type AskedAuthorizer,
  explainProgram,
  type PolicyExplanation,
  type RuleExplanation,
} from "../authorization/explain-program.ts";
import type { AuthorizationRequest } from "../authorization/authorization-request.ts";
import type { Obstacle } from "../authorization/port-programs.ts";
import type { AuthorizationPolicy } from "../authorization/policy.ts";
import type { Decision, Program } from "../authorization/program.ts";
import type { Chain } from "./chain.ts";
import type { RefusalKind } from "./asked-port.ts";

export interface Denial {
  readonly kind: RefusalKind;
  /** Of an answer that its policy chooses; undefined: that of its kind. */
  readonly status?: number;
  readonly policies: readonly string[];
  readonly rule: string;
  readonly detail: string;
}

export interface Judging {
  /** Whose policies they are, "shop/web:80". */
  readonly place: string;
  /** What is refused before they are asked. */
  readonly findObstacle: (program: Program, path: string, isIdentityTold: boolean) => Obstacle | undefined;
}

/** Undefined: they let it through. */
export function explainPolicies(
  chain: Chain,
  program: Program | undefined,
  request: AuthorizationRequest,
  { place, findObstacle }: Judging,
): Denial | undefined {
  if (program === undefined) {
    chain.add("authorization", `no AuthorizationPolicy is about ${place}: everybody is allowed`);
    return undefined;
  }
  // Who the client is has been told: it is somebody, or certainly nobody.
  const obstacle = findObstacle(program, request.path, true);
  if (obstacle !== undefined) {
    const text = `refused before any policy of ${place} is asked: ${obstacle.detail}`;
    chain.add("authorization", text, { decides: true });
    return { kind: obstacle.kind, policies: [], rule: "", detail: obstacle.detail };
  }
  const { decision, policies, noted, asked } = explainProgram(program, request);
  const lost = asked.find(({ provider }) => provider.invalid !== "");
  if (lost !== undefined) return refuseUnasked(chain, lost);
  chain.noteShadow(noted);
  const isDenied = decision.verdict === "deny";
  if (!isDenied) chain.noteAsked(asked.map((each) => each.decision));
  for (const each of policies) explainPolicy(chain, each, decision);
  if (decision.reason === "no-allow-matched") {
    chain.add("authorization", `${place}: no rule of an ALLOW matches, so that it is denied`, {
      decides: true,
    });
  } else if (decision.reason === "no-allow-policy") {
    chain.add("authorization", `${place}: nothing denies it, and no ALLOW is there that would have to match`);
  }
  if (!isDenied) return undefined;
  return {
    kind: "access-denied",
    policies: decision.policies,
    rule: decision.rule,
    detail: decision.message,
  };
}

/** It is refused whatever the others say, and whether or not an outage of the provider would be lived with. */
function refuseUnasked(chain: Chain, { provider, decision, policy }: AskedAuthorizer): Denial {
  const { policies, rule } = decision;
  const { key: object, filterField } = policy;
  const text = `${namePolicy(policy)} ${actionOf(policy)}: whom it asks cannot be asked: ${provider.invalid}`;
  chain.add("authorization", text, { object, field: filterField ?? "spec.provider", decides: true });
  const { statusOnError: status } = provider;
  return { kind: "authorizer-error", status, policies, rule, detail: provider.invalid };
}

function explainPolicy(chain: Chain, { policy, note, rules }: PolicyExplanation, decision: Decision): void {
  const { key: object, mode, filterField } = policy;
  const isDecisive =
    decision.reason !== "no-allow-matched" && decision.policies.includes(object) && mode === decision.mode;
  const matched = rules.find((each) => each.matched);
  const head = `${namePolicy(policy)} ${actionOf(policy)}${mode === "Shadow" ? " (Shadow: it only records)" : ""}`;
  chain.add("authorization", `${head}: ${summarise(policy, matched, note)}`, {
    object,
    field: filterField ?? (matched === undefined ? "spec" : ruleField(policy, matched.rule)),
    decides: isDecisive,
  });
  if (matched !== undefined) return;
  for (const rule of rules) explainRule(chain, policy, rule);
}

/** "AuthorizationPolicy shop/reader" */
export function namePolicy({ key }: Pick<AuthorizationPolicy, "key">): string {
  return key.replace("/", " ");
}

function actionOf({ action, filterField }: AuthorizationPolicy): string {
  return filterField === undefined ? action : "ExternalAuth";
}

function summarise(policy: AuthorizationPolicy, matched: RuleExplanation | undefined, note: string): string {
  const result = matched !== undefined ? `rule ${matched.rule} matches` : notMatching(policy);
  return note === "" ? result : `${result}; ${note}`;
}

function notMatching({ rules, unusable }: AuthorizationPolicy): string {
  if (unusable.length > 0) return "it denies everything";
  return rules.length === 0 ? "it has no rules, and so matches nothing" : "no rule matches";
}

function explainRule(chain: Chain, policy: AuthorizationPolicy, rule: RuleExplanation): void {
  if (rule.matched) return;
  for (const { field, values, actual } of rule.misses) {
    chain.addDetail("authorization", `rule ${rule.rule}: ${describeMiss(field, values, actual)}`, {
      object: policy.key,
      field,
    });
  }
}

/** "namespaces is shop, and has to be ops or dev" */
function describeMiss(field: string, values: readonly string[], actual: string): string {
  if (/\.when\[\d+\]$/.test(field)) return `${values.join()} is ${actual || "false"}`;
  const name = field.replace(/^.*\.(?:source|operation)\./, "");
  const plain = name.replace(/\.(?:values|notValues)$/, "");
  const isNegated = name.endsWith(".notValues") || /^not[A-Z]/.test(name);
  const is = actual === "" ? "is not known" : `is ${JSON.stringify(actual)}`;
  const what = isNegated ? plain.replace(/^not([A-Z])/, (_, letter: string) => letter.toLowerCase()) : plain;
  return `${what} ${is}, and must ${isNegated ? "not " : ""}be ${values.join(" or ")}`;
}

function ruleField(policy: AuthorizationPolicy, label: string): string {
  const rule = policy.rules.find((each) => each.label === label);
  return rule === undefined ? "spec" : `spec.rules[${rule.index}]`;
}

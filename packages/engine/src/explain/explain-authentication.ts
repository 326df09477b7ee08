/**
 * What the AuthenticationPolicies of a port say to what a request shows: who it is known as from here on, and what becomes of its headers.
 * The verdict is the waypoint's (proxy/judge-credentials.ts); here it is told, and carried out on the request that is asked about.
 */
import { withoutCookie } from "../authentication/credential-places.ts";
import type { AuthenticationPlan } from "../authentication/plan.ts";
import type { Decision } from "../authorization/program.ts";
import { headerLine } from "../headers/header-line.ts";
import type { JudgeCredentials, ShownVerdict } from "./asked-credentials.ts";
import type { Chain } from "./chain.ts";
import type { Denial } from "./explain-policies.ts";
import type { AskedRequest } from "./question.ts";

export interface Authenticating {
  /** Whose policies they are, "shop/web:80". */
  readonly place: string;
  readonly judge: JudgeCredentials;
}

/** Undefined: they let it through, as whom the request then knows. */
export function explainAuthentication(
  chain: Chain,
  plan: AuthenticationPlan | undefined,
  request: AskedRequest,
  { place, judge }: Authenticating,
): Denial | undefined {
  request.token = undefined;
  if (plan === undefined) {
    if (request.isSaidToHave("authorization")) {
      const text = `no AuthenticationPolicy is about ${place}: what the request shows proves nothing`;
      chain.add("authentication", text);
    }
    return undefined;
  }
  request.dropHeaders(plan.ownedHeaders);
  if (plan.shadow !== undefined) explainShadow(chain, plan.shadow, request, judge);
  const { verdict, assumed } = judge(plan, request);
  const decision = decisionOf(plan, verdict);
  if ("refused" in verdict) return refuse(chain, decision, verdict.refused);
  if ("anonymous" in verdict) return explainNothing(chain, decision, place);
  const [object = ""] = decision.policies;
  const text = `the request is known as ${verdict.identity.principal || "nobody in particular"} (${decision.message})`;
  chain.add("authentication", text, { object, field: "spec" });
  for (const each of assumed) chain.assume(object, each);
  takeOver(request, verdict);
  return undefined;
}

function decisionOf(plan: AuthenticationPlan, verdict: ShownVerdict): Decision {
  if ("accepted" in verdict) return verdict.accepted;
  return "anonymous" in verdict ? plan.anonymous : plan.refused;
}

/** All policies together, were the shadowed ones in force. */
function explainShadow(
  chain: Chain,
  shadow: AuthenticationPlan,
  request: AskedRequest,
  judge: JudgeCredentials,
): void {
  const { verdict } = judge(shadow, request);
  const decision = decisionOf(shadow, verdict);
  chain.noteShadow([decision]);
  if (decision.verdict !== "deny") return;
  const why = "refused" in verdict ? verdict.refused : `the request ${decision.message}`;
  const [object = ""] = decision.policies;
  chain.add("authentication", `Shadow: it would be refused: ${why}`, { object, field: "spec" });
}

function explainNothing(chain: Chain, decision: Decision, place: string): Denial | undefined {
  const { policies, rule, message, verdict } = decision;
  const [object = ""] = policies;
  const text = `${place}: the request ${message}`;
  if (verdict === "deny") {
    chain.add("authentication", `${text}, and it is required`, { object, field: "spec", decides: true });
    return { kind: "credential-missing", policies, rule, detail: "a policy requires a credential" };
  }
  if (object !== "") chain.add("authentication", text, { object, field: "spec" });
  return undefined;
}

function refuse(chain: Chain, { policies, rule }: Decision, detail: string): Denial {
  const [object = ""] = policies;
  chain.add("authentication", `refused: ${detail}`, { object, field: "spec", decides: true });
  return { kind: "credential-refused", policies, rule, detail };
}

/** What is asked from here on, and would go on, has the headers that policies set, and not what they withhold. */
function takeOver(
  request: AskedRequest,
  { identity, lines, withheld }: Extract<ShownVerdict, { accepted: Decision }>,
): void {
  request.token = identity;
  request.setHeaders(lines);
  for (const { type, name } of withheld) {
    if (type === "header") request.dropHeaders([name]);
    if (type !== "cookie") continue;
    const left = withoutCookie(request.headerValues("cookie"), name);
    if (left === "") request.dropHeaders(["cookie"]);
    else request.setHeaders([headerLine("Cookie", left)]);
  }
}

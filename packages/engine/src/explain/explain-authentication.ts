/**
 * What the AuthenticationPolicies of a port say to what a request shows, in the waypoint's order (proxy/judge-credentials.ts): tokens, API
 * keys, names and passwords. What only keys could tell is taken as right here, and said to be.
 */
import { claimLines } from "../authentication/claim-lines.ts";
import { basicPlace, findCredentials } from "../authentication/credential-places.ts";
import { judgeClaims } from "../authentication/judge-claims.ts";
import type { AuthenticationPlan } from "../authentication/plan.ts";
import { decodeToken } from "../authentication/token.ts";
import type { Chain } from "./chain.ts";
import type { Denial } from "./explain-policies.ts";
import type { AskedRequest } from "./question.ts";

/** `place`: whose policies they are, "shop/web:80". Undefined: they let it through, as whom the request then knows. */
export function explainAuthentication(
  chain: Chain,
  plan: AuthenticationPlan | undefined,
  request: AskedRequest,
  place: string,
): Denial | undefined {
  request.token = undefined;
  if (plan === undefined) {
    if (!request.isSaidToHave("authorization")) return undefined;
    chain.add(
      "authentication",
      `no AuthenticationPolicy is about ${place}: what the request shows proves nothing`,
    );
    return undefined;
  }
  request.dropHeaders(plan.ownedHeaders);
  if (plan.merged.unusable !== "") return refuse(chain, plan, plan.merged.unusable);
  const shown = [explainToken, explainApiKey, explainPassword].map((explain) =>
    explain(chain, plan, request),
  );
  const problem = shown.find((each) => typeof each === "object");
  if (problem !== undefined) return refuse(chain, plan, problem.refused);
  if (shown.includes("taken")) return undefined;
  return explainNothing(chain, plan, place);
}

type Shown = "nothing" | "taken" | { readonly refused: string };

function explainToken(chain: Chain, plan: AuthenticationPlan, request: AskedRequest): Shown {
  const found = findCredentials(plan.places, request);
  if ("refused" in found) return found;
  const [credential] = found;
  if (credential === undefined) return "nothing";
  if (found.some(({ text }) => text !== credential.text)) return { refused: "it shows several tokens" };
  const token = decodeToken(credential.text);
  if ("refused" in token) return { refused: `its token ${token.refused}` };
  const { claims } = token;
  const now = request.timeMs();
  const judged = judgeClaims(plan, { place: credential.place, claims, now }, () => true);
  if ("refused" in judged) return { refused: `its token: ${judged.refused}` };
  const { accepted, provider } = judged.accepted;
  const text = `a token of ${provider.name}, of ${claims.principal || "nobody in particular"}: its claims fit; its signature is not checked here`;
  note(chain, accepted.policies, text);
  request.token = claims;
  request.setHeaders(claimLines(provider.claimsToHeaders, claims));
  return "taken";
}

function explainApiKey(chain: Chain, { apiKeys }: AuthenticationPlan, request: AskedRequest): Shown {
  if (apiKeys === undefined) return "nothing";
  const found = findCredentials(apiKeys.method.places, request);
  if ("refused" in found) return found;
  if (found.length === 0) return "nothing";
  note(chain, apiKeys.accepted.policies, "an API key: whose it is is not looked up here");
  return "taken";
}

function explainPassword(chain: Chain, { basic }: AuthenticationPlan, request: AskedRequest): Shown {
  if (basic === undefined) return "nothing";
  const found = findCredentials([basicPlace], request);
  if ("refused" in found) return found;
  if (found.length === 0) return "nothing";
  note(chain, basic.accepted.policies, "a name and password: not compared here");
  return "taken";
}

function note(chain: Chain, policies: readonly string[], text: string): void {
  const [object = ""] = policies;
  chain.add("authentication", text, { object, field: "spec" });
  for (const policy of policies) chain.noteUnverified(policy);
}

function explainNothing(chain: Chain, plan: AuthenticationPlan, place: string): Denial | undefined {
  const { policies, rule, message } = plan.anonymous;
  const [object = ""] = policies;
  if (plan.isRequired) {
    const text = `${place}: the request ${message}, and it is required`;
    chain.add("authentication", text, { object, field: "spec", decides: true });
    return { kind: "credential-missing", policies, rule, detail: "a policy requires a credential" };
  }
  if (object !== "")
    chain.add("authentication", `${place}: the request ${message}`, { object, field: "spec" });
  return undefined;
}

function refuse(chain: Chain, { refused: { policies, rule } }: AuthenticationPlan, detail: string): Denial {
  const [object = ""] = policies;
  chain.add("authentication", `refused: ${detail}`, { object, field: "spec", decides: true });
  return { kind: "credential-refused", policies, rule, detail };
}

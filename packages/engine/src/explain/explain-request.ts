/**
 * What a waypoint would do with a request to one of its Service ports, step by step and in its own order (proxy/serve-request.ts):
 * normalise, match the route, who asks, ask the port's policies, filters, backend, its Service's policies, its filters. Every decision
 * is made by the functions that the waypoint calls; here they are only told of.
 */
import { hideParameters } from "../authentication/credential-places.ts";
import type { AuthenticationPlan } from "../authentication/plan.ts";
import { planAt } from "../authentication/port-plans.ts";
import { findObstacle, programAt } from "../authorization/port-programs.ts";
import type { Program } from "../authorization/program.ts";
import { normaliseRequest } from "../path/normalise-request.ts";
import { pickTable } from "../route/pick-table.ts";
import type { Matched, RouteBackend } from "../route/route.ts";
import { isChangedByOthers, routeChanges } from "../route/route-changes.ts";
import type { AskedBackend, AskedPort, AskedWaypoint, RefusalKind } from "./asked-port.ts";
import type { Chain } from "./chain.ts";
import { explainAuthentication } from "./explain-authentication.ts";
import { explainBackends, percent } from "./explain-backends.ts";
import { type Answer, explainFilters, type Filters } from "./explain-filters.ts";
import { type Denial, explainPolicies, namePolicy } from "./explain-policies.ts";
import { explainRoute } from "./explain-route.ts";
import { AskedRequest, type Question } from "./question.ts";

/** `chain` has been told how the client comes to this port. */
export function explainRequest(
  chain: Chain,
  port: AskedPort,
  waypoint: AskedWaypoint,
  question: Question,
): void {
  const request = new AskedRequest(question);
  if (!explainNormalising(chain, port, waypoint, request, question)) return;
  request.dropHeaders(port.policies?.ownedHeaders ?? []);
  const matched = explainTable(chain, port, request);
  const judge = (
    plan: AuthenticationPlan | undefined,
    program: Program | undefined,
    place: string,
  ): Denial | undefined => {
    const { judgeCredentials } = waypoint;
    const refusal = explainAuthentication(chain, plan, request, { place, judge: judgeCredentials });
    if (refusal !== undefined) return refusal;
    const denial = explainPolicies(chain, program, request, { place, findObstacle });
    for (const object of request.takeFailures()) {
      const text = `an expression of ${namePolicy({ key: object })} could not be evaluated: it counts as what lets through less`;
      chain.addDetail("authorization", text, { object, field: "spec" });
    }
    return denial;
  };
  const { policies } = port;
  const denial = judge(planAt(policies, matched), programAt(policies, matched), port.key);
  if (denial !== undefined) {
    const status = denial.status ?? waypoint.statusOf(denial.kind);
    return chain.end({ ...denial, result: "refused", status });
  }
  if (matched === "none") {
    const text = "no rule of its routes matches, and there is no other way to the Service";
    chain.add("route", text, { decides: true });
    return chain.end({ result: "refused", kind: "no-route", status: waypoint.statusOf("no-route") });
  }
  const admitted = request.keep();
  const restored = (): AskedRequest => {
    request.restore(admitted);
    return request;
  };
  const filter = (filters: Filters, field: string): Answer | undefined =>
    matched && explainFilters(chain, filters, restored(), { port, matched, field });
  const judgeAt = (backend: AskedBackend, written?: RouteBackend, auth?: Program): Denial | undefined => {
    // Each backend is asked about the same request, whatever the one before made of it.
    restored();
    const place = `the backendRef to ${backend.key}`;
    const refused = auth && explainPolicies(chain, auth, request, { place, findObstacle });
    if (refused !== undefined) return refused;
    // Its owner is asked about what the route has made of it.
    const changes = matched && routeChanges(matched, written, request.path);
    if (changes !== undefined) request.follow(changes);
    return hasOwnSay(port, matched, backend, written)
      ? judge(backend.authentication, backend.program, backend.key)
      : undefined;
  };
  if (matched !== undefined) {
    const answer = filter(matched.rule, `spec.rules[${matched.rule.index}]`);
    if (answer !== undefined) return chain.end({ ...answer, result: "answered" });
    explainMirrors(chain, waypoint, matched, judgeAt);
  }
  const statusOf = (kind: RefusalKind): number => waypoint.statusOf(kind);
  explainBackends({ chain, port, waypoint, judgeAt, filter, statusOf }, matched?.rule);
}

function hasOwnSay(
  port: AskedPort,
  matched: Matched | undefined,
  { key }: AskedBackend,
  written: RouteBackend | undefined,
): boolean {
  if (key !== port.key) return true;
  return matched !== undefined && isChangedByOthers(matched.rule, written, port.serviceNamespace);
}

/** Copies are sent beside it, and nobody waits for their answers; a Service that denies the client gets none. */
function explainMirrors(
  chain: Chain,
  waypoint: AskedWaypoint,
  { rule }: Matched,
  judge: (backend: AskedBackend) => Denial | undefined,
): void {
  for (const [at, { fraction, backend: written }] of rule.mirrors.entries()) {
    const backend = waypoint.ruleOf(rule)?.mirrors[at];
    const name = backend === undefined ? `nobody (${written.invalid})` : backend.key;
    const place = { object: rule.route.key, field: `spec.rules[${rule.index}].filters` };
    chain.add("filter", `a copy of ${percent(fraction)} goes to ${name}`, place);
    if (backend === undefined) continue;
    const { asks } = chain.beside(() => void judge(backend));
    if (asks.length > 0)
      chain.addDetail("filter", `none goes there: ${asks.join(", ")} would have to be asked about it`, place);
  }
}

function explainNormalising(
  chain: Chain,
  port: AskedPort,
  waypoint: AskedWaypoint,
  request: AskedRequest,
  { method, target, authority }: Question,
): boolean {
  const hidden = hiddenAt(port);
  const show = (text: string): string => hideParameters(text, hidden);
  const refusal = normaliseRequest(request, target, authority);
  if (refusal === undefined) {
    const query = request.hasQuery ? `?${request.query}` : "";
    const isSame = `${request.path}${query}` === target;
    const was = isSame ? "" : `, as which ${show(target)} is judged and forwarded`;
    chain.add("request", `${method} ${request.path}${show(query)} of ${request.host || "no host"}${was}`);
    return true;
  }
  const { kind, detail } = refusal;
  if (kind === "asterisk") {
    chain.add("request", "OPTIONS * asks about the server as a whole: the waypoint answers", {
      decides: true,
    });
    chain.end({ result: "answered", kind: "options_asterisk", status: 200 });
    return false;
  }
  chain.add("request", `${method} ${show(target)} is refused: ${detail}`, { decides: true });
  chain.end({ result: "refused", kind, status: waypoint.statusOf(kind), detail });
  return false;
}

/** What an access log does not show either. */
function hiddenAt({ policies, backend }: AskedPort): readonly string[] {
  const plans = [
    policies?.authentication,
    ...(policies?.authenticationOfRules.values() ?? []),
    backend.authentication,
  ];
  return plans.flatMap((plan) => plan?.hidden ?? []);
}

function explainTable(chain: Chain, port: AskedPort, request: AskedRequest): Matched | undefined | "none" {
  const { namespace } = request.client;
  const table = pickTable(port.routes, port.consumerRoutes, namespace);
  if (table === undefined) {
    chain.add("route", `no route is attached to ${port.key}: every request goes to the Service itself`);
    return undefined;
  }
  if (table !== port.routes) {
    chain.add(
      "route",
      `routes of namespace ${namespace}, the client's own, go before those of the Service (GEP-1294)`,
    );
  }
  return explainRoute(chain, table, request) ?? "none";
}

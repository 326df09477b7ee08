/**
 * Whether policies let a request through: at the Service port that it came in on (with those of the rule that it matched), and
 * again at the Service that it is sent on to, whose owner may have said something else. An exchange that was let through is asked
 * again when the configuration changes (`objectionNow`). What cannot be told is refused: fail closed (design/0003-policies.md).
 */
import { decide, nextToAsk, type ToAsk } from "@waystone/engine/authorization/decide";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import { planAt } from "@waystone/engine/authentication/port-plans";
import { findObstacle, programAt } from "@waystone/engine/authorization/port-programs";
import type { AuthorizationRequest } from "@waystone/engine/authorization/authorization-request";
import type { Program } from "@waystone/engine/authorization/program";
import type { RequestView, RouteBackend } from "@waystone/engine/route/route";
import type { Backend, ServedRule, Snapshot } from "../store/snapshot.ts";
import { hasOwnSay } from "./apply-route.ts";
import { objectionToIdentity } from "./authenticate.ts";
import type { Exchange } from "./exchange.ts";
import { matchRoute, servedPort } from "./match-route.ts";
import type { ProxyErrorKind } from "./proxy-error.ts";

export interface Objection {
  readonly kind: ProxyErrorKind;
  readonly detail: string;
}

/** False: answered. Undefined programs let everything through. */
export function admit(exchange: Exchange, program: Program | undefined): boolean {
  if (program === undefined) return true;
  const objection = objectionOf(exchange, program, exchange, true);
  if (objection === undefined) return true;
  exchange.fail(objection.kind, objection.detail);
  return false;
}

/** A copy of a request is sent to nobody that the client may not send it to itself. */
export function isMirrorAdmitted(exchange: Exchange, backend: Backend): boolean {
  if (!hasOwnSay(exchange, backend)) return true;
  return (
    keepingToken(exchange, () => {
      const { authentication: plan, program } = backend;
      return objectionAt(exchange, { plan, program, request: exchange });
    }) === undefined
  );
}

/** Why the request would not be let through by the configuration of now, whatever it began with. */
export function objectionNow(exchange: Exchange, snapshot: Snapshot): Objection | undefined {
  return keepingToken(exchange, () => {
    for (const decider of decidersNow(exchange, snapshot)) {
      const objection = objectionAt(exchange, decider);
      if (objection !== undefined) return objection;
    }
    return undefined;
  });
}

/** What policies say by now holds as well as what they said when the request began. */
export function unlessForbiddenSince(exchange: Exchange, snapshot: Snapshot, goOn: () => void): void {
  const now = exchange.context.proxy.current();
  const objection = now === snapshot ? undefined : objectionNow(exchange, now);
  if (objection === undefined) goOn();
  else exchange.fail(objection.kind, objection.detail);
}

export interface Decider {
  readonly plan: AuthenticationPlan | undefined;
  readonly program: Program | undefined;
  /** What it is asked about: the request as it came, or as its route has changed it. */
  readonly request: Judged;
}

/** With the authorizers that agreed to it. */
type Judged = AuthorizationRequest & RequestView & { readonly agreed: ReadonlySet<string> | undefined };

/** What decides about the request by that configuration: at its port, and at the Service that it goes on to. */
export function decidersNow(exchange: Exchange, snapshot: Snapshot): Decider[] {
  const { context, backend } = exchange;
  const received = exchange.received ?? exchange;
  const port = servedPort(context, snapshot);
  const deciders: Decider[] = [];
  const isAsked = port?.policies !== undefined || (backend !== undefined && snapshot.askingRoutes.size > 0);
  const matched = port === undefined || !isAsked ? undefined : matchRoute(context, received, port);
  if (port?.policies !== undefined)
    deciders.push({
      plan: planAt(port.policies, matched),
      program: programAt(port.policies, matched),
      request: received,
    });
  if (matched !== undefined && matched !== "none")
    deciders.push({
      plan: undefined,
      program: authAtBackend(exchange, snapshot.rules.get(matched.rule)),
      request: received,
    });
  if (backend !== undefined && hasOwnSay(exchange, backend))
    deciders.push({ plan: backend.authentication, program: backend.program, request: exchange });
  return deciders;
}

/**
 * What the ExternalAuth filter of the backendRef comes to that the request goes by: the same one of the rule; after an edit the one that
 * leads where the request goes and asks the same (or nobody, as it did), wherever in the list it stands by now; else the first that
 * leads there.
 */
export function authAtBackend(
  { routeBackend }: Pick<Exchange, "routeBackend">,
  rule: ServedRule | undefined,
): Program | undefined {
  if (routeBackend === undefined || rule === undefined || rule.backendAuth.length === 0) return undefined;
  const { backends } = rule.rule;
  const same = backends.indexOf(routeBackend);
  if (same >= 0) return rule.backendAuth[same];
  const leadsThere = ({ service, port }: RouteBackend): boolean =>
    service === routeBackend.service && port === routeBackend.port;
  const question = questionOf(routeBackend);
  const at = backends.findIndex((each) => leadsThere(each) && questionOf(each) === question);
  return rule.backendAuth[at >= 0 ? at : backends.findIndex(leadsThere)];
}

/** Undefined: it has nobody asked. */
function questionOf({ externalAuth }: RouteBackend): string | undefined {
  return externalAuth?.provider?.question;
}

const unasked: Objection = { kind: "authorizer-unasked", detail: "it would have to be asked before" };

/** The first authorizer that has to be asked about the request and was not. */
export function nextAuthorizer(request: Judged, program: Program): ToAsk | undefined {
  const { agreed } = request;
  if (program.customs.length === 0) return undefined;
  return nextToAsk(
    program.customs,
    program.destination,
    request,
    ({ provider }) => agreed?.has(provider.question) === true,
  );
}

/** Who asks, and whether they may, at one Service port; decided before, and only asked again. */
function objectionAt(exchange: Exchange, { plan, program, request }: Decider): Objection | undefined {
  const objection = objectionToIdentity(exchange, plan);
  if (objection !== undefined || program === undefined) return objection;
  return objectionOf(exchange, program, request, false);
}

/** Whom the request is known as goes on to be what it was decided by. */
function keepingToken<T>(exchange: Exchange, ask: () => T): T {
  const { token } = exchange;
  try {
    return ask();
  } finally {
    exchange.token = token;
  }
}

/** `isCounted`: it is decided for the first time. Denials are counted always. */
function objectionOf(
  exchange: Exchange,
  program: Program,
  request: Judged,
  isCounted: boolean,
): Objection | undefined {
  const { context } = exchange;
  const { decisions } = context.proxy;
  const obstacle = findObstacle(program, request.path, context.identity() !== undefined);
  if (obstacle !== undefined) return obstacle;
  // One that goes on for long cannot wait for an answer: it has to come again, and is asked about then.
  if (exchange.isAdmitted && nextAuthorizer(request, program) !== undefined) return unasked;
  const decision = decide(program, request, decisions.observe(exchange, program, isCounted));
  const isDenied = decision.verdict === "deny";
  if (isCounted || isDenied) {
    decisions.count(decision);
    if (decision.policies.length > 0 || exchange.decision === undefined) exchange.decision = decision;
  }
  return isDenied ? { kind: "access-denied", detail: "" } : undefined;
}

/**
 * Whether policies let a request through: at the Service port that it came in on (with those of the rule that it matched), and
 * again at the Service that it is sent on to, whose owner may have said something else. An exchange that was let through is asked
 * again when the configuration changes (`objectionNow`). What cannot be told is refused: fail closed (design/0003-policies.md).
 */
import { decide, nextToAsk, type ToAsk } from "@waystone/engine/authorization/decide";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import { planAt } from "@waystone/engine/authentication/port-plans";
import { findObstacle, programAt } from "@waystone/engine/authorization/port-programs";
import type { Program } from "@waystone/engine/authorization/program";
import type { Backend, Snapshot } from "../store/snapshot.ts";
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
  const objection = objectionOf(exchange, program, true);
  if (objection === undefined) return true;
  exchange.fail(objection.kind, objection.detail);
  return false;
}

/** A copy of a request is sent to nobody that the client may not send it to itself. */
export function isMirrorAdmitted(exchange: Exchange, backend: Backend): boolean {
  if (backend.key === exchange.port?.key) return true;
  return (
    keepingToken(exchange, () => objectionAt(exchange, backend.authentication, backend.program)) === undefined
  );
}

/** Why the request would not be let through by the configuration of now, whatever it began with. */
export function objectionNow(exchange: Exchange, snapshot: Snapshot): Objection | undefined {
  return keepingToken(exchange, () => {
    for (const { plan, program } of decidersNow(exchange, snapshot)) {
      const objection = objectionAt(exchange, plan, program);
      if (objection !== undefined) return objection;
    }
    return undefined;
  });
}

interface Deciders {
  readonly plan: AuthenticationPlan | undefined;
  readonly program: Program | undefined;
}

/** What decides about the request by that configuration: at its port, and at the Service that it goes on to. */
function decidersNow(exchange: Exchange, snapshot: Snapshot): Deciders[] {
  const { context, backend } = exchange;
  const port = servedPort(context, snapshot);
  const deciders: Deciders[] = [];
  if (port !== undefined && port.policies !== undefined) {
    const matched = matchRoute(context, exchange, port);
    deciders.push({ plan: planAt(port.policies, matched), program: programAt(port.policies, matched) });
  }
  if (backend !== undefined && backend.key !== context.acceptedPort.key)
    deciders.push({ plan: backend.authentication, program: backend.program });
  return deciders;
}

export function programsNow(exchange: Exchange, snapshot: Snapshot): Program[] {
  return decidersNow(exchange, snapshot).flatMap(({ program }) => program ?? []);
}

const unasked: Objection = { kind: "authorizer-unasked", detail: "it would have to be asked before" };

/** The first authorizer that has to be asked about the request and was not. */
export function nextAuthorizer(exchange: Exchange, program: Program): ToAsk | undefined {
  const { agreed } = exchange;
  if (program.customs.length === 0) return undefined;
  return nextToAsk(
    program.customs,
    program.destination,
    exchange,
    ({ provider }) => agreed?.has(provider.question) === true,
  );
}

/** Who asks, and whether they may, at one Service port; decided before, and only asked again. */
function objectionAt(
  exchange: Exchange,
  plan: AuthenticationPlan | undefined,
  program: Program | undefined,
): Objection | undefined {
  const objection = objectionToIdentity(exchange, plan);
  if (objection !== undefined || program === undefined) return objection;
  return objectionOf(exchange, program, false);
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
function objectionOf(exchange: Exchange, program: Program, isCounted: boolean): Objection | undefined {
  const { context } = exchange;
  const { decisions } = context.proxy;
  const obstacle = findObstacle(program, exchange.path, context.identity() !== undefined);
  if (obstacle !== undefined) return obstacle;
  // One that goes on for long cannot wait for an answer: it has to come again, and is asked about then.
  if (exchange.isAdmitted && nextAuthorizer(exchange, program) !== undefined) return unasked;
  const decision = decide(program, exchange, decisions.observe(exchange, program, isCounted));
  const isDenied = decision.verdict === "deny";
  if (isCounted || isDenied) {
    decisions.count(decision);
    if (decision.policies.length > 0 || exchange.decision === undefined) exchange.decision = decision;
  }
  return isDenied ? { kind: "access-denied", detail: "" } : undefined;
}

/**
 * Whether policies let a request through: at the Service port that it came in on (with those of the rule that it matched), and
 * again at the Service that it is sent on to, whose owner may have said something else. An exchange that was let through is asked
 * again when the configuration changes (`objectionNow`). What cannot be told is refused: fail closed (design/0003-policies.md).
 */
import { decide, nextToAsk, type ToAsk } from "@waystone/engine/authorization/decide";
import { findObstacle, programAt } from "@waystone/engine/authorization/port-programs";
import type { Program } from "@waystone/engine/authorization/program";
import type { Backend, Snapshot } from "../store/snapshot.ts";
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
  const { program } = backend;
  if (program === undefined || backend.key === exchange.port?.key) return true;
  return objectionOf(exchange, program, false) === undefined;
}

/** Why the request would not be let through by the configuration of now, whatever it began with. */
export function objectionNow(exchange: Exchange, snapshot: Snapshot): Objection | undefined {
  for (const program of programsNow(exchange, snapshot)) {
    const objection = objectionOf(exchange, program, false);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** What decides about the request by that configuration: at its port, and at the Service that it goes on to. */
export function programsNow(exchange: Exchange, snapshot: Snapshot): Program[] {
  const { context, backend } = exchange;
  const port = servedPort(context, snapshot);
  const programs: Program[] = [];
  if (port !== undefined && port.policies !== undefined) {
    const program = programAt(port.policies, matchRoute(context, exchange, port));
    if (program !== undefined) programs.push(program);
  }
  const isElsewhere = backend !== undefined && backend.key !== context.acceptedPort.key;
  if (isElsewhere && backend.program !== undefined) programs.push(backend.program);
  return programs;
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

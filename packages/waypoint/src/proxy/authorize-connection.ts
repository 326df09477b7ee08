/**
 * Whether policies let a TCP or TLS connection through: when it is accepted, by what a connection has (design/0003, "On TCP and TLS
 * ports"), and again whenever policies change. As for requests, what cannot be told is refused.
 */
import { connectionRequest } from "@waystone/engine/authorization/authorization-request";
import { decide } from "@waystone/engine/authorization/decide";
import { findConnectionObstacle } from "@waystone/engine/authorization/port-programs";
import type { Program } from "@waystone/engine/authorization/program";
import type { Snapshot } from "../store/snapshot.ts";
import type { Objection } from "./authorize.ts";
import type { ConnectionContext } from "./connection-context.ts";

/** Tells at once where nobody asks who the client is or that is known; else when it is, in 2 s at most. */
export function whenConnectionJudged(
  context: ConnectionContext,
  programOf: (snapshot: Snapshot) => Program | undefined,
  tell: (objection: Objection | undefined) => void,
): void {
  const { current, whenKnown } = context.proxy;
  const program = programOf(current());
  if (program === undefined) return tell(undefined);
  if (!program.readsIdentity || context.identity()?.known === true) {
    return tell(objectionToConnection(context, program, true));
  }
  const { peerAddress } = context.client(undefined);
  // What policies say by then, and not what they said when it came.
  whenKnown(peerAddress, () => tell(objectionToConnection(context, programOf(current()), true)));
}

/** `isCounted`: it is decided for the first time. */
export function objectionToConnection(
  context: ConnectionContext,
  program: Program | undefined,
  isCounted: boolean,
): Objection | undefined {
  if (program === undefined) return undefined;
  const obstacle = findConnectionObstacle(program, "", context.identity() !== undefined);
  if (obstacle !== undefined) return obstacle;
  const { decisions } = context.proxy;
  const request = connectionRequest(context.client(undefined), (policy) =>
    decisions.countFailedExpression(policy),
  );
  const decision = decide(program, request, decisions.observe(undefined, program, isCounted));
  const isDenied = decision.verdict === "deny";
  if (isCounted || isDenied) decisions.count(decision);
  return isDenied ? { kind: "access-denied", detail: decision.message } : undefined;
}

/**
 * Waits until so much of a request's body is held as an authorizer is to see. It stays held, and goes on to the endpoint as it came.
 * What is held so is accounted for over all requests of a worker: beyond it, requests are turned away.
 */
import type { AuthorizerBody } from "@waystone/engine/authorization/authorizer";
import { ResponseHead } from "../http/message.ts";
import { withoutExpectation } from "../http/changed-head.ts";
import type { RequestFacts } from "../authorizer/request-facts.ts";
import type { Exchange } from "./exchange.ts";

type SeenBody = NonNullable<RequestFacts["body"]>;

/** Tells at once where the body is there; not at all where the exchange ends before, or is answered here. */
export function whenBodyIsHeld(
  exchange: Exchange,
  wanted: AuthorizerBody,
  tell: (body: SeenBody) => void,
): void {
  const { body, head } = exchange;
  const { held } = exchange.context.proxy;
  if (body === undefined) return tell({ pieces: [], isWhole: true });
  const { maxBytes, allowPartial } = wanted;
  if (head.bodyLength > maxBytes && !allowPartial) return tooLong(exchange, maxBytes);
  const mostBytes = head.bodyLength < 0 ? maxBytes : Math.min(head.bodyLength, maxBytes);
  if (mostBytes > exchange.reservedBytes) {
    held.add(mostBytes - exchange.reservedBytes);
    exchange.reservedBytes = mostBytes;
    if (held.isOver) return exchange.fail("overloaded", "bodies that authorizers have to see");
  }
  // One byte more says that there is more.
  body.raiseLimit(maxBytes + 1);
  const look = (): boolean => {
    const isMore = body.heldBytes > maxBytes;
    if (!isMore && !body.ended) return false;
    exchange.onBodyHeld = undefined;
    if (isMore && !allowPartial) tooLong(exchange, maxBytes);
    else tell({ pieces: isMore ? firstBytes(body.lend(), maxBytes) : body.lend(), isWhole: !isMore });
    return true;
  };
  if (look()) return;
  exchange.onBodyHeld = look;
  if (head.expectsContinue) askForBody(exchange);
}

/** Of a body that nobody has to see any more. */
export function giveBackReserved(exchange: Exchange): void {
  if (exchange.reservedBytes === 0) return;
  exchange.context.proxy.held.add(-exchange.reservedBytes);
  exchange.reservedBytes = 0;
}

function tooLong(exchange: Exchange, maxBytes: number): void {
  exchange.fail("authorizer-body", `the authorizer gets ${maxBytes} bytes at most`);
}

/** The endpoint does not know of it yet, and nobody else says 100 (RFC 9110 10.1.1). */
function askForBody(exchange: Exchange): void {
  const head = new ResponseHead();
  head.status = 100;
  head.reason = "Continue";
  exchange.sendInformational(head);
  exchange.head = withoutExpectation(exchange.head);
}

function firstBytes(pieces: readonly Buffer[], count: number): Buffer[] {
  const taken: Buffer[] = [];
  let left = count;
  for (const piece of pieces) {
    if (left <= 0) break;
    taken.push(piece.subarray(0, left));
    left -= piece.length;
  }
  return taken;
}

/** The request as it goes upstream, whatever protocol carries it: what came, as its route and we changed it. */
import type { Matched } from "@waystone/engine/route/route";
import { routeChanges } from "@waystone/engine/route/route-changes";
import type { Exchange } from "./exchange.ts";
import { forwardedLines, forwardedText, linesBeside } from "./forwarding.ts";
import { withQuery } from "./with-query.ts";

export function buildOutgoing(exchange: Exchange, matched: Matched | undefined): void {
  const { head, context } = exchange;
  const isDone = matched === undefined || exchange.received !== undefined;
  const changes = isDone ? undefined : routeChanges(matched, exchange.routeBackend, exchange.path);
  const forwarding = context.forwarding();
  const forwarded = exchange.forwarded ?? forwardedLines(forwarding, head.headers, context.proxy.rng);
  exchange.requestId = forwarded.requestId;
  const modifiers = changes?.modifiers ?? exchange.modifiersLeft;
  const text = forwardedText(forwarded);
  const lines = modifiers.length === 0 ? text : linesBeside(modifiers, text);
  exchange.outgoing = {
    method: exchange.method,
    target: withQuery(exchange, changes?.path ?? exchange.path),
    authority: changes?.hostname || head.authority || exchange.port!.serviceHost,
    block: head.headers,
    dropped: forwarding.dropped,
    connectionNames: head.connectionNames,
    modifiers,
    added: head.expectsContinue ? `${lines}Expect: 100-continue\r\n` : lines,
    forwarded: lines === text && !head.expectsContinue ? forwarded : undefined,
    bodyLength: head.bodyLength,
    expectsContinue: head.expectsContinue,
    acceptsTrailers: head.acceptsTrailers,
    upgrade: head.upgrade,
  };
}

/** What goes to the client of an endpoint's answer's head. */
import { plainDropped } from "../http/dropped-headers.ts";
import type { ResponseHead } from "../http/message.ts";
import type { OutgoingResponse } from "../http/outgoing.ts";
import type { Exchange } from "./exchange.ts";

export function outgoingAnswer(exchange: Exchange, head: ResponseHead): OutgoingResponse {
  const { responseLines, session } = exchange;
  return {
    status: head.status,
    reason: head.reason,
    block: head.headers,
    dropped: plainDropped,
    connectionNames: head.connectionNames,
    modifiers: exchange.responseModifiers,
    added: session === undefined ? responseLines : responseLines + session.line(head),
    bodyLength: head.bodyLength,
    close: false,
    upgrade: head.status === 101 ? exchange.head.upgrade : "",
  };
}

/** A request's target and authority, once and for all: the same strings are matched, judged and forwarded (T05). */
import { normaliseRequest } from "@waystone/engine/path/normalise-request";
import type { RequestHead } from "../http/message.ts";
import type { Exchange } from "./exchange.ts";

/** False: answered. */
export function normalise(exchange: Exchange): boolean {
  const { head } = exchange;
  const refusal = normaliseRequest(exchange, head.target, head.authority);
  if (refusal === undefined) {
    dropRootDot(head, exchange.host);
    return true;
  }
  if (refusal.kind === "asterisk") answerAsterisk(exchange);
  else exchange.fail(refusal.kind, refusal.detail);
  return false;
}

/** "web.shop." is matched as "web.shop" (T03), so that is what the endpoint hears. */
function dropRootDot(head: RequestHead, host: string): void {
  const { authority } = head;
  // An address in brackets may have a dot at that place, and was perhaps rewritten.
  if (authority.charCodeAt(host.length) !== 0x2e || authority.charCodeAt(0) === 0x5b) return;
  head.authority = host + authority.slice(host.length + 1);
}

/** `OPTIONS *` asks about the server as a whole (RFC 9110 9.3.7): that is us. */
function answerAsterisk(exchange: Exchange): void {
  exchange.reply({ status: 200, headers: "", body: "", close: false, modifiers: [] }, "options_asterisk");
}

/** Which pages may read an answer (Gateway API's CORS filter): preflights are answered here, and an endpoint's own word is dropped. */
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import {
  answerPreflight,
  type CorsPolicy,
  corsRequestOf,
  corsResponseHeaderNames,
  corsResponseHeaders,
  isPreflight,
} from "@waystone/engine/route/cors";
import type { Exchange } from "./exchange.ts";

const backendCorsDropped: HeaderModifier = { set: [], add: [], removeNames: corsResponseHeaderNames };

/**
 * Before anybody is asked whether the request may go on: a page that cannot read a refusal takes it for a broken network. So does
 * Envoy's filter, which stands before those that refuse.
 */
export function showToPages(exchange: Exchange, cors: CorsPolicy | undefined): void {
  if (cors === undefined) return;
  const request = corsRequestOf(exchange);
  // Its own answer says more, and a refused one is of no use to anybody.
  if (isPreflight(request)) return;
  exchange.isShownToPages = true;
  exchange.responseLines += linesOf(corsResponseHeaders(cors, request.origin));
}

/** True: it was a preflight, and is answered. */
export function applyCors(exchange: Exchange, cors: CorsPolicy): boolean {
  const request = corsRequestOf(exchange.received ?? exchange);
  if (isPreflight(request)) {
    const answer = answerPreflight(cors, request);
    const headers = linesOf(answer.headers);
    exchange.reply(
      { status: answer.status, headers, body: "", close: false, modifiers: [] },
      "cors_preflight",
    );
    return true;
  }
  exchange.responseModifiers = [...exchange.responseModifiers, backendCorsDropped];
  return false;
}

function linesOf(headers: readonly HeaderLine[]): string {
  let lines = "";
  for (const header of headers) lines += header.line;
  return lines;
}

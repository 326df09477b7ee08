/**
 * Headers that are about who asks: what policies set is never the client's, and what a credential was shown in may be taken out. All of
 * it is done to the head that is then matched, judged and forwarded.
 */
import { type HeaderLine, headerLine } from "@waystone/engine/headers/header-line";
import { findTwins } from "@waystone/engine/headers/header-twins";
import { changeHead } from "../http/changed-head.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import type { Exchange } from "./exchange.ts";

/** What the client sent under these names is not there any more, nor what another Service's policy set. */
export function dropHeaders(exchange: Exchange, names: Iterable<string>): void {
  for (const name of names) {
    if (exchange.headerValues(name).length > 0)
      exchange.head = changeHead(exchange.head, [{ kind: "remove", name }]);
  }
}

/** Of headers that a policy says something in: nor is there what an endpoint might read as one of them. */
export function dropClaims(exchange: Exchange, names: ReadonlySet<string>): void {
  exchange.claimed = [...exchange.claimed, names];
  dropHeaders(exchange, names);
  const present = namesThatMayBeTwins(exchange.head.headers, names);
  if (present.length > 0) dropHeaders(exchange, findTwins(names, present));
}

/** Those with an underscore, which next to no request has; all, where one of `names` has one itself. */
export function namesThatMayBeTwins(headers: HeaderBlock, names: ReadonlySet<string>): string[] {
  const { text, count, nameStart, nameEnd } = headers;
  const isEachOne = [...names].some((name) => name.includes("_"));
  const found: string[] = [];
  let underscore = -1;
  for (let at = 0; at < count; at++) {
    const start = nameStart[at]!;
    // Looked for once for each that there is, not once for each line.
    if (underscore < start) underscore = text.indexOf("_", start);
    if (isEachOne || (underscore >= 0 && underscore < nameEnd[at]!)) found.push(headers.nameAt(at));
    else if (underscore < 0) break;
  }
  return found;
}

export function setHeaders(exchange: Exchange, headers: readonly HeaderLine[]): void {
  const changes = headers.map((header) => ({ kind: "set", header, onlyIfThere: false }) as const);
  exchange.head = changeHead(exchange.head, changes);
}

/** Writes the cookies anew, from those of the client or what a policy before left of them. */
export function rewriteCookies(exchange: Exchange, rewrite: (lines: readonly string[]) => string): void {
  const cookies = rewrite(exchange.headerValues("cookie"));
  if (cookies === "") dropHeaders(exchange, ["cookie"]);
  else setHeaders(exchange, [headerLine("Cookie", cookies)]);
}

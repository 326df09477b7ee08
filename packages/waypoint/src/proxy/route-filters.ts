/**
 * The filters of a rule, and of the backendRef that was picked, that answer a request or change its answer. Each gives back true where
 * it answered: the exchange is over then.
 */
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import type { CorsPolicy } from "@waystone/engine/route/cors";
import { type Redirect, redirectLocation } from "@waystone/engine/route/redirect";
import type { Matched } from "@waystone/engine/route/route";
import { prefixOf } from "@waystone/engine/route/route-changes";
import { applyCors } from "./cors-filter.ts";
import type { Exchange } from "./exchange.ts";

interface Filters {
  readonly cors: CorsPolicy | undefined;
  readonly redirect: Redirect | undefined;
  readonly responseHeaders: HeaderModifier | undefined;
}

export function applyRuleFilters(exchange: Exchange, matched: Matched): boolean {
  return applyFilters(exchange, matched.rule, matched);
}

export function applyBackendFilters(exchange: Exchange, matched: Matched): boolean {
  return applyFilters(exchange, exchange.routeBackend!, matched);
}

function applyFilters(exchange: Exchange, filters: Filters, matched: Matched): boolean {
  if (filters.cors !== undefined && applyCors(exchange, filters.cors)) return true;
  if (filters.responseHeaders !== undefined) {
    exchange.responseModifiers = [...exchange.responseModifiers, filters.responseHeaders];
  }
  if (filters.redirect !== undefined) {
    answerRedirect(exchange, filters.redirect, prefixOf(matched.match));
    return true;
  }
  return false;
}

function answerRedirect(exchange: Exchange, redirect: Redirect, matchedPrefix: string): void {
  const { host, path } = exchange.received ?? exchange;
  const location = redirectLocation(
    redirect,
    {
      scheme: "http",
      host: host || exchange.port!.serviceHost,
      listenerPort: exchange.port!.port,
      path,
      hasQuery: exchange.hasQuery,
      query: exchange.query,
    },
    matchedPrefix,
  );
  exchange.reply(
    {
      status: redirect.status,
      headers: `Location: ${location}\r\n`,
      body: "",
      close: false,
      modifiers: exchange.responseModifiers,
    },
    "redirect",
  );
}

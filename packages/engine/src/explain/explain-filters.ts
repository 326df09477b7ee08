/** The filters of a rule or of one of its backends that would apply: those that answer end the request, the others change it. */
import { answerPreflight, corsRequestOf, isPreflight } from "../route/cors.ts";
import type { HeaderModifier } from "../headers/header-modifier.ts";
import { redirectLocation } from "../route/redirect.ts";
import type { Matched, RouteBackend, RouteRule } from "../route/route.ts";
import { prefixOf } from "../route/route-changes.ts";
import { rewritePath } from "../route/url-rewrite.ts";
import type { AskedPort } from "./asked-port.ts";
import type { Chain } from "./chain.ts";
import type { Outcome } from "./explanation.ts";
import type { AskedRequest } from "./question.ts";

export type Filters = Pick<
  RouteRule & RouteBackend,
  "cors" | "redirect" | "rewrite" | "requestHeaders" | "responseHeaders"
>;
export type Answer = Pick<Outcome, "kind" | "status" | "detail">;

export interface FilterPlace {
  readonly port: AskedPort;
  readonly matched: Matched;
  /** "spec.rules[0]", or of one of its backends. */
  readonly field: string;
}

/** Undefined: the request goes on. */
export function explainFilters(
  chain: Chain,
  filters: Filters,
  request: AskedRequest,
  { port, matched, field }: FilterPlace,
): Answer | undefined {
  const place = { object: matched.rule.route.key, field: `${field}.filters` };
  if (filters.cors !== undefined) {
    const asked = corsRequestOf(request);
    if (isPreflight(asked)) {
      const { status } = answerPreflight(filters.cors, asked);
      const detail = `CORS preflight of ${asked.origin.join(", ")}: ${status === 200 ? "allowed" : "the origin is not allowed"}`;
      chain.add("filter", `answered: ${detail}`, { ...place, decides: true });
      return { kind: "cors_preflight", status, detail };
    }
    chain.add("filter", "CORS: the answer gets Access-Control headers", place);
  }
  if (filters.redirect !== undefined) {
    const { redirect } = filters;
    const location = redirectLocation(
      redirect,
      {
        scheme: "http",
        host: request.host || port.serviceHost,
        listenerPort: port.port,
        path: request.path,
        hasQuery: request.hasQuery,
        query: request.query,
      },
      prefixOf(matched.match),
    );
    chain.add("filter", `answered: redirect ${redirect.status} to ${location}`, { ...place, decides: true });
    return { kind: "redirect", status: redirect.status, detail: location };
  }
  explainChanges(chain, filters, request, matched, place);
  return undefined;
}

function explainChanges(
  chain: Chain,
  { rewrite, requestHeaders, responseHeaders }: Filters,
  request: AskedRequest,
  matched: Matched,
  place: { readonly object: string; readonly field: string },
): void {
  if (rewrite !== undefined) {
    const path = rewritePath(rewrite, request.path, prefixOf(matched.match));
    const host = rewrite.hostname === "" ? "" : `, host ${rewrite.hostname}`;
    chain.add("filter", `rewrite: path ${path}${host}`, place);
  }
  if (requestHeaders !== undefined)
    chain.add("filter", `request headers: ${describeChanges(requestHeaders)}`, place);
  if (responseHeaders !== undefined)
    chain.add("filter", `response headers: ${describeChanges(responseHeaders)}`, place);
}

/** Names alone: values may be secrets. */
function describeChanges({ set, add, removeNames }: HeaderModifier): string {
  const parts = [
    ...set.map(({ name }) => `set ${name}`),
    ...add.map(({ name }) => `add ${name}`),
    ...[...removeNames]
      .filter((name) => !set.some(({ lower }) => lower === name))
      .map((name) => `remove ${name}`),
  ];
  return parts.join(", ");
}

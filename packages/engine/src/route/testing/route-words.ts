/** Routes and requests in few words, for tests of what matches. */
import { MatchType, type RouteMatchResource, type RouteResource } from "@waystone/api/resources";
import type { Matched, RequestView, Route } from "../route.ts";
import { routeFromResource } from "../route-from-resource.ts";

export const exact = (value: string): RouteMatchResource => ({ path: { type: MatchType.EXACT, value } });
export const prefix = (value: string): RouteMatchResource => ({ path: { type: MatchType.PREFIX, value } });
export const regex = (value: string): RouteMatchResource => ({
  path: { type: MatchType.REGULAR_EXPRESSION, value },
});

type ValueMatchResource = NonNullable<RouteMatchResource["headers"]>[number];

export function header(
  name: string,
  value: string,
  type: ValueMatchResource["type"] = MatchType.EXACT,
): ValueMatchResource {
  return { type, name, value };
}

export function route(
  name: string,
  rules: readonly (readonly RouteMatchResource[])[],
  change: Partial<RouteResource> = {},
): Route {
  const resource: RouteResource = { kind: "HTTPRoute", namespace: "shop", name, ...change };
  return routeFromResource({ ...resource, rules: rules.map((matches) => ({ matches: [...matches] })) });
}

export interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

export function view({ path = "/", method = "GET", query = "", headers = {} }: Asked): RequestView {
  return { path, method, query, headerValues: (name) => headers[name] ?? [] };
}

export function labelOf(matched: Matched | undefined): string {
  return matched === undefined ? "404" : matched.rule.label;
}

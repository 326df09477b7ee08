/** Filters of a rule or of one of its backends, checked and compiled, each kind in its place. */
import type { AuthorizerResource, RouteBackendResource, RouteFilterResource } from "@waystone/api/resources";
import { externalAuthFromResource, type FilterPlace } from "../authorization/external-auth.ts";
import type { AuthorizationPolicy } from "../authorization/policy.ts";
import { compileHeaderModifier, type HeaderModifier } from "../headers/header-modifier.ts";
import { type CorsPolicy, compileCors } from "./cors.ts";
import type { Problems } from "./problems.ts";
import { compileRedirect, type Redirect } from "./redirect.ts";
import type { Mirror, RouteBackend } from "./route.ts";
import { compileUrlRewrite, type UrlRewrite } from "./url-rewrite.ts";

export interface Filters {
  requestHeaders: HeaderModifier | undefined;
  responseHeaders: HeaderModifier | undefined;
  redirect: Redirect | undefined;
  rewrite: UrlRewrite | undefined;
  mirrors: readonly Mirror[];
  cors: CorsPolicy | undefined;
  externalAuth: AuthorizationPolicy | undefined;
}

/** Most rules and backends have none: shared, so that thousands of routes do not hold thousands of empty arrays. */
const noMirrors: readonly Mirror[] = [];

/** What filters are compiled with. */
export interface FilterContext {
  /** Whether every match of the rule is a PathPrefix. */
  readonly prefixMatches: boolean;
  readonly problems: Problems;
  /** Whose filters they are. */
  readonly route: Omit<FilterPlace, "label" | "field">;
  readonly label: string;
  /** Compiles the backend of a mirror. */
  readonly backend: (resource: RouteBackendResource, field: string) => RouteBackend;
}

export function filtersFromResource(
  resources: readonly RouteFilterResource[],
  field: string,
  context: FilterContext,
): Filters {
  const filters: Filters = {
    requestHeaders: undefined,
    responseHeaders: undefined,
    redirect: undefined,
    rewrite: undefined,
    mirrors: noMirrors,
    cors: undefined,
    externalAuth: undefined,
  };
  const answersPreflights = resources.some(({ cors }) => cors);
  for (const [index, resource] of resources.entries()) {
    const place = `${field}[${index}]`;
    if (resource.externalAuth)
      addExternalAuth(filters, resource.externalAuth, place, answersPreflights, context);
    else addFilter(filters, resource, place, context);
  }
  if (filters.redirect !== undefined && filters.rewrite !== undefined) {
    context.problems.add(field, "a redirect and a URL rewrite exclude each other");
  }
  return filters;
}

function addFilter(
  filters: Filters,
  resource: RouteFilterResource,
  field: string,
  context: FilterContext,
): void {
  const { prefixMatches, problems } = context;
  const once = (taken: unknown): void => {
    if (taken !== undefined) problems.add(field, "this kind of filter appears twice; only mirrors may");
  };
  if (resource.requestHeaderModifier) {
    once(filters.requestHeaders);
    filters.requestHeaders = compileHeaderModifier(resource.requestHeaderModifier, field, problems);
  } else if (resource.responseHeaderModifier) {
    once(filters.responseHeaders);
    filters.responseHeaders = compileHeaderModifier(resource.responseHeaderModifier, field, problems);
  } else if (resource.requestRedirect) {
    once(filters.redirect);
    filters.redirect = compileRedirect(resource.requestRedirect, prefixMatches, field, problems);
  } else if (resource.urlRewrite) {
    once(filters.rewrite);
    filters.rewrite = compileUrlRewrite(resource.urlRewrite, prefixMatches, field, problems);
  } else if (resource.requestMirror) {
    filters.mirrors = [...filters.mirrors, mirrorFromResource(resource.requestMirror, field, context)];
  } else if (resource.cors) {
    once(filters.cors);
    filters.cors = compileCors(resource.cors, field, problems);
  } else {
    // Gateway API: a filter that cannot be applied must never be skipped.
    problems.add(field, "the filter is of a kind that this version does not know");
  }
}

function addExternalAuth(
  filters: Filters,
  resource: AuthorizerResource,
  field: string,
  answersPreflights: boolean,
  { route, label, problems }: FilterContext,
): void {
  if (filters.externalAuth !== undefined) problems.add(field, "ExternalAuth appears twice");
  const place = { ...route, label, field };
  filters.externalAuth = externalAuthFromResource(resource, place, answersPreflights, problems);
}

type MirrorResource = NonNullable<RouteFilterResource["requestMirror"]>;

function mirrorFromResource(resource: MirrorResource, field: string, context: FilterContext): Mirror {
  const numerator = resource.numerator ?? 0;
  const denominator = resource.denominator ?? 0;
  if (denominator === 0 || numerator > denominator) {
    context.problems.add(field, `${numerator}/${denominator} is not a share of the requests`);
  }
  return {
    backend: context.backend(resource.backend ?? {}, `${field}.backend`),
    fraction: denominator === 0 ? 0 : numerator / denominator,
  };
}

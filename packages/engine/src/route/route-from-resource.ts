/**
 * From the message that the controller pushes to the route that the data path runs. All or nothing: a route with anything
 * wrong in it is refused with every reason, the waypoint NACKs it and goes on with the last good one.
 *
 * There are thousands of them, twice: objects are written out field by field (a spread one takes half as much again), and
 * what is empty is shared.
 */
import type { RouteBackendResource, RouteResource, RouteRuleResource } from "@waystone/api/resources";
import { isConnectionRoute } from "./connection-table.ts";
import { compileSession } from "../session/session-policy.ts";
import { type FilterContext, filtersFromResource } from "./filters-from-resource.ts";
import { matchFromResource } from "./match-from-resource.ts";
import { Problems, ResourceError } from "./problems.ts";
import type { RetryPolicy, Route, RouteBackend, RouteParent, RouteRule } from "./route.ts";
import { isServerNamePattern } from "./server-name.ts";

const noHostnames: readonly string[] = [];

/** Throws a ResourceError with all reasons. */
export function routeFromResource(resource: RouteResource): Route {
  const problems = new Problems();
  const kind = requireText(resource.kind, "kind", problems);
  const namespace = requireText(resource.namespace, "namespace", problems);
  const name = requireText(resource.name, "name", problems);
  const route: Route & { rules: readonly RouteRule[] } = {
    // Joined, not concatenated: V8 would keep the parts as well.
    key: [kind, namespace, name].join("/"),
    kind,
    namespace,
    name,
    generation: resource.generation ?? 0,
    createdAtSeconds: resource.createdAtSeconds ?? 0,
    parents: (resource.parents ?? []).map((parent, index) => parentFromResource(parent, index, problems)),
    hostnames: kind === "TLSRoute" ? (resource.hostnames ?? []) : noHostnames,
    rules: [],
  };
  for (const [index, hostname] of route.hostnames.entries()) {
    if (!isServerNamePattern(hostname))
      problems.add(`hostnames[${index}]`, `${JSON.stringify(hostname)} is no server name`);
  }
  // Not by push, which leaves room for sixteen more.
  route.rules = (resource.rules ?? []).map((rule, index) => ruleFromResource(route, index, rule, problems));
  if (problems.reasons.length > 0) throw new ResourceError(route.key, problems.reasons);
  return route;
}

function ruleFromResource(
  route: Route,
  index: number,
  resource: RouteRuleResource,
  problems: Problems,
): RouteRule {
  const field = `rules[${index}]`;
  const matches = (resource.matches ?? []).map((match, at) =>
    matchFromResource(match, `${field}.matches[${at}]`, problems),
  );
  checkMatches(route, matches.length, field, problems);
  const name = resource.name ?? "";
  const prefixMatches = matches.every((match) => match.path.type === "prefix");
  const context: FilterContext = {
    prefixMatches,
    problems,
    route,
    label: name || `${index}`,
    backend: (from, at) => backendFromResource(from, at, context),
  };
  const filters = filtersFromResource(resource.filters ?? [], `${field}.filters`, context);
  return {
    route,
    index,
    name,
    label: [route.namespace, route.name, name || index].join("/"),
    matches,
    requestHeaders: filters.requestHeaders,
    responseHeaders: filters.responseHeaders,
    redirect: filters.redirect,
    rewrite: filters.rewrite,
    mirrors: filters.mirrors,
    cors: filters.cors,
    externalAuth: filters.externalAuth,
    backends: (resource.backends ?? []).map((from, at) => context.backend(from, `${field}.backends[${at}]`)),
    requestTimeoutMs: resource.timeouts?.requestMs ?? undefined,
    backendRequestTimeoutMs: resource.timeouts?.backendRequestMs ?? 0,
    retry: retryFromResource(resource.retry, `${field}.retry`, problems),
    session: compileSession(resource.sessionPersistence, `${field}.sessionPersistence`, problems),
  };
}

function checkMatches(route: Route, count: number, field: string, problems: Problems): void {
  if (isConnectionRoute(route)) {
    if (count > 0) problems.add(`${field}.matches`, `a ${route.kind} has none`);
  } else if (count === 0) {
    problems.add(`${field}.matches`, "is empty, so that the rule could never be used");
  }
}

function backendFromResource(
  resource: RouteBackendResource,
  field: string,
  context: FilterContext,
): RouteBackend {
  const { problems } = context;
  const service = resource.service ?? "";
  const port = resource.port ?? 0;
  const invalid = resource.invalid ?? "";
  if (invalid === "") {
    if (!/^[^/]+\/[^/]+$/.test(service)) {
      problems.add(`${field}.service`, `${JSON.stringify(service)} is not "<namespace>/<name>"`);
    }
    if (port < 1 || port > 65_535) problems.add(`${field}.port`, `${port} is not a port`);
  }
  const filters = filtersFromResource(resource.filters ?? [], `${field}.filters`, context);
  return {
    service,
    port,
    weight: resource.weight ?? 0,
    requestHeaders: filters.requestHeaders,
    responseHeaders: filters.responseHeaders,
    redirect: filters.redirect,
    rewrite: filters.rewrite,
    mirrors: filters.mirrors,
    cors: filters.cors,
    externalAuth: filters.externalAuth,
    invalid,
  };
}

function retryFromResource(
  resource: RouteRuleResource["retry"],
  field: string,
  problems: Problems,
): RetryPolicy | undefined {
  if (!resource) return undefined;
  const codes = resource.codes ?? [];
  for (const [index, code] of codes.entries()) {
    if (code < 400 || code > 599)
      problems.add(`${field}.codes[${index}]`, `${code} is not between 400 and 599`);
  }
  return { attempts: resource.attempts ?? 0, backoffMs: resource.backoffMs ?? 0, codes };
}

type ParentResource = NonNullable<RouteResource["parents"]>[number];

function parentFromResource(resource: ParentResource, index: number, problems: Problems): RouteParent {
  return {
    service: requireText(resource.service, `parents[${index}].service`, problems),
    port: resource.port ?? 0,
  };
}

function requireText(value: string | null | undefined, field: string, problems: Problems): string {
  if (!value) problems.add(field, "is empty");
  return value ?? "";
}

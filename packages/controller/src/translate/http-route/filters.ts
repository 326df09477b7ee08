/**
 * filters of a rule or of a backendRef -> RouteFilter. A filter that cannot be applied is never skipped: what was refused
 * makes the rule (or the backend's share) answer 500, so that nothing gets through without it.
 */
import type { HTTPRouteFilter, HTTPRouteMatch } from "@waystone/api/kubernetes/gateway";
import type { RouteFilterResource } from "@waystone/api/resources";
import { compileRedirect } from "@waystone/engine/route/redirect";
import { compileUrlRewrite } from "@waystone/engine/route/url-rewrite";
import { type BackendContext, findBackend } from "./backend-reference.ts";
import { translateCors } from "./cors.ts";
import { checkWithEngine } from "./engine-checks.ts";
import { translateExternalAuth } from "./external-auth.ts";
import type { Faults } from "./faults.ts";
import { translateHeaderModifier } from "./header-modifier.ts";
import { translatePathModifier } from "./path-modifier.ts";

export interface FilterContext extends BackendContext {
  /** The rule's, as written: ReplacePrefixMatch depends on them. */
  readonly matches: readonly HTTPRouteMatch[] | undefined;
}

const repeatable: ReadonlySet<string> = new Set(["RequestMirror", "ExtensionRef"]);

/** GRPCRouteFilterType: a call's path names its method, so nothing of it can be replaced. */
const ofCalls: ReadonlySet<string> = new Set([
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "RequestMirror",
  "ExtensionRef",
]);

export function translateFilters(
  context: FilterContext,
  filters: readonly HTTPRouteFilter[] | undefined,
  at: string,
  faults: Faults,
): RouteFilterResource[] {
  const given = filters ?? [];
  checkCompatible(given, at, faults);
  return given.flatMap(
    (filter, position) => translateFilter(context, filter, `${at}.filters[${position}]`, faults) ?? [],
  );
}

function checkCompatible(filters: readonly HTTPRouteFilter[], at: string, faults: Faults): void {
  const types = filters.map(({ type }) => type);
  if (types.includes("RequestRedirect") && types.includes("URLRewrite")) {
    faults.refuse(
      `${at}.filters`,
      "RequestRedirect and URLRewrite exclude each other",
      "IncompatibleFilters",
    );
  }
  const twice = types.find((type, position) => !repeatable.has(type) && types.indexOf(type) !== position);
  if (twice !== undefined) {
    faults.refuse(`${at}.filters`, `${twice} may be given once; merge the two`, "IncompatibleFilters");
  }
}

/** undefined: nothing to do, or refused. */
function translateFilter(
  context: FilterContext,
  filter: HTTPRouteFilter,
  at: string,
  faults: Faults,
): RouteFilterResource | undefined {
  if (context.kind === "GRPCRoute" && !ofCalls.has(filter.type)) {
    faults.refuse(`${at}.type`, `${filter.type} is not a filter of a GRPCRoute`);
    return undefined;
  }
  switch (filter.type) {
    case "RequestHeaderModifier": {
      const place = `${at}.requestHeaderModifier`;
      const body = present(filter.requestHeaderModifier, place, faults);
      if (body === undefined) return undefined;
      return {
        requestHeaderModifier: translateHeaderModifier(body, place, faults),
        filter: "requestHeaderModifier",
      };
    }
    case "ResponseHeaderModifier": {
      const place = `${at}.responseHeaderModifier`;
      const body = present(filter.responseHeaderModifier, place, faults);
      if (body === undefined) return undefined;
      return {
        responseHeaderModifier: translateHeaderModifier(body, place, faults),
        filter: "responseHeaderModifier",
      };
    }
    case "RequestRedirect":
      return translateRedirect(context, filter, `${at}.requestRedirect`, faults);
    case "URLRewrite":
      return translateRewrite(context, filter, `${at}.urlRewrite`, faults);
    case "RequestMirror":
      return translateMirror(context, filter, `${at}.requestMirror`, faults);
    case "CORS": {
      const body = present(filter.cors, `${at}.cors`, faults);
      return body === undefined
        ? undefined
        : { cors: translateCors(body, `${at}.cors`, faults), filter: "cors" };
    }
    case "ExternalAuth":
      return translateExternalAuth(context, filter, `${at}.externalAuth`, faults);
    case "ExtensionRef":
      faults.refuse(`${at}.type`, "ExtensionRef refers to a kind of filter that Waystone does not have");
      return undefined;
    default:
      faults.refuse(`${at}.type`, `the filter ${String(filter.type satisfies never)} is not known`);
      return undefined;
  }
}

function present<T>(body: T | undefined, at: string, faults: Faults): T | undefined {
  if (body === undefined) faults.refuse(at, "is missing, although the filter's type asks for it");
  return body;
}

function translateRedirect(
  context: FilterContext,
  filter: HTTPRouteFilter,
  at: string,
  faults: Faults,
): RouteFilterResource | undefined {
  const redirect = present(filter.requestRedirect, at, faults);
  if (redirect === undefined) return undefined;
  const translated = {
    scheme: redirect.scheme ?? "",
    hostname: redirect.hostname ?? "",
    path: translatePathModifier(redirect.path, context.matches, `${at}.path`, faults),
    port: redirect.port ?? 0,
    statusCode: redirect.statusCode ?? 302,
  };
  checkWithEngine(faults, (problems) => compileRedirect(translated, true, at, problems));
  return { requestRedirect: translated, filter: "requestRedirect" };
}

function translateRewrite(
  context: FilterContext,
  filter: HTTPRouteFilter,
  at: string,
  faults: Faults,
): RouteFilterResource | undefined {
  const rewrite = present(filter.urlRewrite, at, faults);
  if (rewrite === undefined) return undefined;
  const translated = {
    hostname: rewrite.hostname ?? "",
    path: translatePathModifier(rewrite.path, context.matches, `${at}.path`, faults),
  };
  checkWithEngine(faults, (problems) => compileUrlRewrite(translated, true, at, problems));
  return { urlRewrite: translated, filter: "urlRewrite" };
}

/** A mirror that leads nowhere is left out: the request itself is not affected (Gateway API). */
function translateMirror(
  context: FilterContext,
  filter: HTTPRouteFilter,
  at: string,
  faults: Faults,
): RouteFilterResource | undefined {
  const mirror = present(filter.requestMirror, at, faults);
  if (mirror === undefined) return undefined;
  const numerator = mirror.fraction?.numerator ?? mirror.percent ?? 100;
  const denominator = mirror.fraction?.denominator ?? 100;
  if (denominator < 1 || numerator < 0 || numerator > denominator) {
    faults.refuse(at, `${numerator}/${denominator} is no share between 0 and 1`);
  }
  const backend = findBackend(context, mirror.backendRef, `${at}.backendRef`, faults);
  if (backend.invalid !== undefined) return undefined;
  return {
    requestMirror: {
      backend: { service: backend.service, port: backend.port, weight: 1, filters: [], invalid: "" },
      numerator,
      denominator,
    },
    filter: "requestMirror",
  };
}

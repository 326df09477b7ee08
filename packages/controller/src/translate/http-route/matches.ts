/** rules[].matches -> RouteMatch. A match that cannot be expressed is left out and reported; the rule then answers 500. */
import { errorMessage } from "@waystone/base/error-message";
import type { HTTPRouteMatch, HTTPValueMatch } from "@waystone/api/kubernetes/gateway";
import { MatchType, type RouteMatchResource } from "@waystone/api/resources";
import { isFieldValue, isToken } from "@waystone/engine/headers/header-line";
import { normalizePath } from "@waystone/engine/path/normalize-path";
import { toByteText } from "@waystone/engine/pattern/byte-text";
import { regexPattern } from "@waystone/engine/pattern/text-pattern";
import { Faults } from "./faults.ts";

type PathMatchResource = NonNullable<RouteMatchResource["path"]>;
type ValueMatchResource = NonNullable<RouteMatchResource["headers"]>[number];

/** The CRD's default: every request. */
const everyRequest: HTTPRouteMatch = { path: { type: "PathPrefix", value: "/" } };

export function translateMatches(
  matches: readonly HTTPRouteMatch[] | undefined,
  at: string,
  faults: Faults,
): RouteMatchResource[] {
  const given = matches === undefined || matches.length === 0 ? [everyRequest] : matches;
  return given.flatMap(
    (match, position) => translateMatch(match, `${at}.matches[${position}]`, faults) ?? [],
  );
}

function translateMatch(match: HTTPRouteMatch, at: string, faults: Faults): RouteMatchResource | undefined {
  const own = new Faults();
  const translated: RouteMatchResource = {
    path: translatePath(match, `${at}.path`, own),
    headers: translateHeaders(match.headers, `${at}.headers`, own),
    queryParams: translateValues(match.queryParams, `${at}.queryParams`, own, (name) => name),
    method: match.method ?? "",
  };
  if (match.method !== undefined && !isToken(match.method)) {
    own.refuse(`${at}.method`, `${JSON.stringify(match.method)} is no method`);
  }
  faults.invalid.push(...own.invalid);
  return own.invalid.length === 0 ? translated : undefined;
}

function translatePath(match: HTTPRouteMatch, at: string, faults: Faults): PathMatchResource {
  const type = match.path?.type ?? "PathPrefix";
  const value = match.path?.value ?? "/";
  if (type === "RegularExpression") {
    checkExpression(value, `${at}.value`, faults);
    return { type: MatchType.REGULAR_EXPRESSION, value };
  }
  const fault = matchPathFault(value);
  if (fault !== undefined) faults.refuse(`${at}.value`, `${JSON.stringify(value)} ${fault}`);
  return { type: type === "Exact" ? MatchType.EXACT : MatchType.PREFIX, value };
}

export function translateHeaders(
  headers: readonly HTTPValueMatch[] | undefined,
  at: string,
  faults: Faults,
): ValueMatchResource[] {
  return translateValues(headers, at, faults, (name) => name.toLowerCase());
}

function translateValues(
  values: readonly HTTPValueMatch[] | undefined,
  at: string,
  faults: Faults,
  fold: (name: string) => string,
): ValueMatchResource[] {
  const seen = new Set<string>();
  return (values ?? []).flatMap((match, position): ValueMatchResource[] => {
    // "Only the first entry with an equivalent name MUST be considered" (HTTPHeaderMatch, HTTPQueryParamMatch).
    if (seen.has(fold(match.name))) return [];
    seen.add(fold(match.name));
    return [translateValue(match, `${at}[${position}]`, faults)];
  });
}

function translateValue(
  { type, name, value }: HTTPValueMatch,
  at: string,
  faults: Faults,
): ValueMatchResource {
  if (!isToken(name)) faults.refuse(`${at}.name`, `${JSON.stringify(name)} is no name`);
  if (type === "RegularExpression") {
    checkExpression(value, `${at}.value`, faults);
    return { type: MatchType.REGULAR_EXPRESSION, name, value };
  }
  if (!isFieldValue(toByteText(value))) {
    faults.refuse(
      `${at}.value`,
      "has a control character, or a blank at its start or end: nothing could match it",
    );
  }
  return { type: MatchType.EXACT, name, value };
}

/** The same compile as the waypoint's, so that what is pushed is never refused for it. */
function checkExpression(source: string, at: string, faults: Faults): void {
  try {
    regexPattern(source);
  } catch (error) {
    faults.refuse(at, errorMessage(error));
  }
}

/** What HTTPRoute's own validation asks of Exact and PathPrefix values, and what no request's path can be here. */
function matchPathFault(path: string): string | undefined {
  if (!path.startsWith("/")) return 'must begin with "/"';
  const part = ["//", "/./", "/../", "%2f", "%2F"].find((form) => path.includes(form));
  if (part !== undefined) return `must not contain ${JSON.stringify(part)}`;
  const end = ["/..", "/."].find((form) => path.endsWith(form));
  if (end !== undefined) return `must not end with ${JSON.stringify(end)}`;
  const normalized = normalizePath(path);
  return typeof normalized === "string" ? undefined : `can match nothing: ${normalized.refused}`;
}

/** Matches of a Route resource, checked and compiled. Values are brought into the form that requests are in. */
import { MatchType, type RouteMatchResource } from "@waystone/api/resources";
import { isToken } from "../headers/header-line.ts";
import { normalizePath } from "../path/normalize-path.ts";
import { toByteText } from "../pattern/byte-text.ts";
import { exactPattern, regexPattern, type TextPattern } from "../pattern/text-pattern.ts";
import type { Problems } from "./problems.ts";
import type { PathMatch, RouteMatch, ValueMatch } from "./route.ts";

type ValueMatchResource = NonNullable<RouteMatchResource["headers"]>[number];

export function matchFromResource(
  resource: RouteMatchResource,
  field: string,
  problems: Problems,
): RouteMatch {
  const method = resource.method ?? "";
  if (method !== "" && !isToken(method))
    problems.add(`${field}.method`, `${JSON.stringify(method)} is not a method`);
  return {
    path: pathFromResource(resource.path, `${field}.path`, problems),
    headers: headersFromResource(resource.headers ?? [], `${field}.headers`, problems),
    queryParams: valuesFromResource(resource.queryParams ?? [], `${field}.queryParams`, problems),
    method,
  };
}

function pathFromResource(
  resource: RouteMatchResource["path"],
  field: string,
  problems: Problems,
): PathMatch {
  const value = resource?.value ?? "";
  switch (resource?.type ?? MatchType.EXACT) {
    case MatchType.EXACT:
      return { type: "exact", value: literalPath(value, field, problems) };
    case MatchType.PREFIX:
      return { type: "prefix", value: literalPath(value, field, problems).replace(/\/$/, "") };
    case MatchType.REGULAR_EXPRESSION:
      return regexPath(value, resource?.precedence ?? 0, field, problems);
    default:
      problems.add(`${field}.type`, `the match type ${resource?.type} is not known to this version`);
      return { type: "exact", value };
  }
}

/** Most matches have no headers, and no query: shared. */
const noMatches: readonly ValueMatch[] = [];

/** Normalised like a request's path, or it could never be equal to one. Dot segments are a mistake and not removed. */
function literalPath(value: string, field: string, problems: Problems): string {
  const path = normalizePath(value);
  if (typeof path !== "string")
    problems.add(`${field}.value`, `${JSON.stringify(value)} is no path: ${path.refused}`);
  else if (/\/(\.|%2e){1,2}(\/|$)/i.test(value)) {
    problems.add(`${field}.value`, `${JSON.stringify(value)} has dot segments, which no normalised path has`);
  }
  return typeof path === "string" ? path : value;
}

function regexPath(source: string, precedence: number, field: string, problems: Problems): PathMatch {
  try {
    const pattern = regexPattern(source);
    return { type: "regex", pattern, source, under: wholeElements(pattern.literalPrefix), precedence };
  } catch (error) {
    problems.add(`${field}.value`, messageOf(error));
    return { type: "exact", value: source };
  }
}

/** "/api/v" certainly lies under "/api"; whether an element ends at the end of the literal text is not known. */
function wholeElements(literal: string): string {
  return literal.startsWith("/") ? literal.slice(0, literal.lastIndexOf("/")) : "";
}

function headersFromResource(
  resources: readonly ValueMatchResource[],
  field: string,
  problems: Problems,
): readonly ValueMatch[] {
  for (const [index, { name }] of resources.entries()) {
    if (!isToken(name ?? ""))
      problems.add(`${field}[${index}].name`, `${JSON.stringify(name)} is not a header name`);
  }
  const lowered = resources.map((resource) => ({ ...resource, name: (resource.name ?? "").toLowerCase() }));
  return valuesFromResource(lowered, field, problems);
}

/**
 * Gateway API, of both headers and query parameters: of several entries with an equivalent name only the first is
 * considered.
 */
function valuesFromResource(
  resources: readonly ValueMatchResource[],
  field: string,
  problems: Problems,
): readonly ValueMatch[] {
  if (resources.length === 0) return noMatches;
  const matches: ValueMatch[] = [];
  for (const [index, resource] of resources.entries()) {
    const name = toByteText(resource.name ?? "");
    if (name === "") problems.add(`${field}[${index}].name`, "is empty");
    const source = resource.value ?? "";
    const pattern = valuePattern(resource.type, source, `${field}[${index}]`, problems);
    if (pattern !== undefined && !matches.some((match) => match.name === name))
      matches.push({ name, pattern, source });
  }
  return matches;
}

function valuePattern(
  type: ValueMatchResource["type"],
  value: string,
  field: string,
  problems: Problems,
): TextPattern | undefined {
  if ((type ?? MatchType.EXACT) === MatchType.EXACT) return exactPattern(value);
  if (type !== MatchType.REGULAR_EXPRESSION) {
    problems.add(`${field}.type`, "is neither EXACT nor REGULAR_EXPRESSION");
    return undefined;
  }
  try {
    return regexPattern(value);
  } catch (error) {
    problems.add(`${field}.value`, messageOf(error));
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

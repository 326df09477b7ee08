/**
 * Which of several matches that fit a request wins. Gateway API, HTTPRouteRule.matches:
 *
 *   "Across all rules specified on applicable Routes, precedence must be given to the match having:
 *     * "Exact" path match.
 *     * "Prefix" path match with largest number of characters.
 *     * Method match.
 *     * Largest number of header matches.
 *     * Largest number of query param matches.
 *   Note: The precedence of RegularExpression path matches are implementation-specific.
 *   If ties still exist across multiple Routes, matching precedence MUST be determined in order of the following criteria,
 *   continuing on ties:
 *     * The oldest Route based on creation timestamp.
 *     * The Route appearing first in alphabetical order by "{namespace}/{name}".
 *   If ties still exist within an HTTPRoute, matching precedence MUST be granted to the FIRST matching rule (in list
 *   order) with a match meeting the above criteria."
 *
 * GRPCRoute asks for the most characters in a matching service, then in a matching method, before headers: what is not one
 * exact path becomes an expression that carries these two as its `precedence`.
 *
 * RegularExpression stands between Exact and Prefix, the longest expression first (design/0001).
 */
import type { Candidate } from "./candidate.ts";
import type { PathMatch, Route, RouteMatch } from "./route.ts";

/** Negative: `a` wins. Zero only for the same match of the same route. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    comparePaths(a.match.path, b.match.path) ||
    compareConditions(a.match, b.match) ||
    compareRoutes(a.rule.route, b.rule.route) ||
    a.rule.index - b.rule.index ||
    a.matchIndex - b.matchIndex
  );
}

const ranks = { exact: 0, regex: 1, prefix: 2 } as const;

function comparePaths(a: PathMatch, b: PathMatch): number {
  return ranks[a.type] - ranks[b.type] || precedenceOf(b) - precedenceOf(a) || pathLength(b) - pathLength(a);
}

function precedenceOf(path: PathMatch): number {
  return path.type === "regex" ? path.precedence : 0;
}

/** Exact matches that fit one request are equally long: their length is no criterion. */
function pathLength(path: PathMatch): number {
  if (path.type === "exact") return 0;
  return path.type === "regex" ? path.source.length : path.value.length;
}

function compareConditions(a: RouteMatch, b: RouteMatch): number {
  return (
    Number(b.method !== "") - Number(a.method !== "") ||
    b.headers.length - a.headers.length ||
    b.queryParams.length - a.queryParams.length
  );
}

/** By age, then name. Files carry no creation time: 0 in all of them, and the name decides (design.md section 7). */
export function compareRoutes(a: Route, b: Route): number {
  if (a === b) return 0;
  const byAge = a.createdAtSeconds - b.createdAtSeconds;
  if (byAge !== 0) return byAge;
  // Keys of one kind differ in "{namespace}/{name}" alone, and need not be put together again.
  if (a.kind === b.kind) return compareText(a.key, b.key);
  return compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`) || compareText(a.kind, b.kind);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

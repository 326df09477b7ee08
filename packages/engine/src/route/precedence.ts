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
import type { PathMatch, Route } from "./route.ts";

/** Negative: `a` wins. Zero only for the same match of the same route. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    compareKinds(a, b) ||
    comparePrecedence(a, b) ||
    compareLengths(a, b) ||
    compareMethods(a, b) ||
    compareHeaders(a, b) ||
    compareQueryParams(a, b) ||
    compareRoutes(a.rule.route, b.rule.route) ||
    comparePositions(a, b)
  );
}

/** The same criteria in the same order, for who asks why. */
export const precedenceCriteria = {
  "kind of path": compareKinds,
  "precedence of the path": comparePrecedence,
  "length of the path": compareLengths,
  method: compareMethods,
  headers: compareHeaders,
  "query parameters": compareQueryParams,
  age: (a, b) => compareAges(a.rule.route, b.rule.route),
  name: (a, b) => compareNames(a.rule.route, b.rule.route),
  position: comparePositions,
} as const satisfies Readonly<Record<string, (a: Candidate, b: Candidate) => number>>;

export type PrecedenceCriterion = keyof typeof precedenceCriteria;

const ranks = { exact: 0, regex: 1, prefix: 2 } as const;

function compareKinds(a: Candidate, b: Candidate): number {
  return ranks[a.match.path.type] - ranks[b.match.path.type];
}

function comparePrecedence(a: Candidate, b: Candidate): number {
  return precedenceOf(b.match.path) - precedenceOf(a.match.path);
}

function compareLengths(a: Candidate, b: Candidate): number {
  return pathLength(b.match.path) - pathLength(a.match.path);
}

function precedenceOf(path: PathMatch): number {
  return path.type === "regex" ? path.precedence : 0;
}

/** Exact matches that fit one request are equally long: their length is no criterion. */
function pathLength(path: PathMatch): number {
  if (path.type === "exact") return 0;
  return path.type === "regex" ? path.source.length : path.value.length;
}

function compareMethods(a: Candidate, b: Candidate): number {
  return Number(b.match.method !== "") - Number(a.match.method !== "");
}

function compareHeaders(a: Candidate, b: Candidate): number {
  return b.match.headers.length - a.match.headers.length;
}

function compareQueryParams(a: Candidate, b: Candidate): number {
  return b.match.queryParams.length - a.match.queryParams.length;
}

function comparePositions(a: Candidate, b: Candidate): number {
  return a.rule.index - b.rule.index || a.matchIndex - b.matchIndex;
}

/** By age, then name. */
export function compareRoutes(a: Route, b: Route): number {
  return a === b ? 0 : compareAges(a, b) || compareNames(a, b);
}

/** Files carry no creation time: 0 in all of them, and the name decides (design.md section 7). */
function compareAges(a: Route, b: Route): number {
  return a.createdAtSeconds - b.createdAtSeconds;
}

function compareNames(a: Route, b: Route): number {
  // Keys of one kind differ in "{namespace}/{name}" alone, and need not be put together again.
  if (a.kind === b.kind) return compareText(a.key, b.key);
  return compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`) || compareText(a.kind, b.kind);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

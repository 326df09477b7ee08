/** One match of one rule, as the table holds it, and whether a request that fits its path fits the rest of it. */
import { matchesQueryParam } from "./match-query.ts";
import type { Matched, RequestView, RouteMatch, RouteRule, ValueMatch } from "./route.ts";

export class Candidate implements Matched {
  readonly rule: RouteRule;
  readonly match: RouteMatch;
  /** Position of the match in its rule. */
  readonly matchIndex: number;
  /** Whether the path decides alone. */
  readonly pathOnly: boolean;

  constructor(rule: RouteRule, matchIndex: number) {
    const match = rule.matches[matchIndex]!;
    this.rule = rule;
    this.match = match;
    this.matchIndex = matchIndex;
    this.pathOnly = match.method === "" && match.headers.length === 0 && match.queryParams.length === 0;
  }
}

/** Method, headers and query; the path has been looked at. */
export function fitsRequest(candidate: Candidate, request: RequestView): boolean {
  if (candidate.pathOnly) return true;
  const { method, headers, queryParams } = candidate.match;
  if (method !== "" && method !== request.method) return false;
  for (let i = 0; i < headers.length; i++) {
    if (!matchesHeader(headers[i]!, request.headerValues(headers[i]!.name))) return false;
  }
  for (let i = 0; i < queryParams.length; i++) {
    if (!matchesQueryParam(queryParams[i]!, request.query)) return false;
  }
  return true;
}

/**
 * A header matches when it is there and every one of its values matches: neither a join of them nor the first alone
 * (reference L10, CVE-2020-25017), so that a second line cannot smuggle a request past a rule.
 */
export function matchesHeader(match: ValueMatch, values: readonly string[]): boolean {
  for (let i = 0; i < values.length; i++) {
    if (!match.pattern.test(values[i]!)) return false;
  }
  return values.length > 0;
}

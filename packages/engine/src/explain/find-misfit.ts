/** Why a match of a route does not fit a request: the first of its parts that does not, in the order in which the table looks. */
import { matchesHeader } from "../route/candidate.ts";
import { describePath } from "../route/describe-match.ts";
import { firstQueryValue, matchesQueryParam } from "../route/match-query.ts";
import type { PathMatch, RequestView, RouteMatch } from "../route/route.ts";

export interface Misfit {
  /** Below the match in the object: "path", "headers[0]". */
  readonly field: string;
  readonly text: string;
}

export function findMisfit(match: RouteMatch, request: RequestView): Misfit | undefined {
  if (!fitsPath(match.path, request.path)) {
    return { field: "path", text: `the path is not ${describePath(match.path)}` };
  }
  if (match.method !== "" && match.method !== request.method) {
    return { field: "method", text: `the method is not ${match.method}` };
  }
  for (const [at, header] of match.headers.entries()) {
    const values = request.headerValues(header.name);
    if (matchesHeader(header, values)) continue;
    const actual = values.length === 0 ? "is not there" : `is ${JSON.stringify(values.join(", "))}`;
    return {
      field: `headers[${at}]`,
      text: `header ${header.name} ${actual}, and has to be ${JSON.stringify(header.source)}`,
    };
  }
  for (const [at, parameter] of match.queryParams.entries()) {
    if (matchesQueryParam(parameter, request.query)) continue;
    const value = firstQueryValue(request.query, parameter.name);
    const actual = value === undefined ? "is not there" : `is ${JSON.stringify(value)}`;
    return {
      field: `queryParams[${at}]`,
      text: `query parameter ${parameter.name} ${actual}, and has to be ${JSON.stringify(parameter.source)}`,
    };
  }
  return undefined;
}

function fitsPath(match: PathMatch, path: string): boolean {
  switch (match.type) {
    case "exact":
      return path === match.value;
    case "prefix":
      return path === match.value || path.startsWith(`${match.value}/`);
    case "regex":
      return match.pattern.test(path);
  }
}

/** A match in a few words for people: "POST /api/* header x-team=shop". */
import type { PathMatch, RouteMatch, ValueMatch } from "./route.ts";

export function describeMatch({ method, path, headers, queryParams }: RouteMatch): string {
  const parts = [describePath(path)];
  if (method !== "") parts.unshift(method);
  parts.push(...headers.map((match) => describeValue("header", match)));
  parts.push(...queryParams.map((match) => describeValue("query", match)));
  return parts.join(" ");
}

export function describePath(path: PathMatch): string {
  switch (path.type) {
    case "exact":
      return path.value;
    case "prefix":
      return path.value === "" ? "/*" : `${path.value}/*`;
    case "regex":
      return `~ ${path.source}`;
  }
}

function describeValue(what: string, { name, source, pattern }: ValueMatch): string {
  const isExpression = "literalPrefix" in pattern;
  return `${what} ${name}${isExpression ? "~" : "="}${source}`;
}

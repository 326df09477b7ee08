/**
 * GRPCRoute's rules[].matches -> RouteMatch. A call is a POST to "/<service>/<method>", so a match is one of the path: an exact
 * one where both are given exactly, else an expression whose precedence says how much of the call it names.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { GRPCRouteMatch } from "@waystone/api/kubernetes/gateway";
import { MatchType, type RouteMatchResource } from "@waystone/api/resources";
import { regexPattern } from "@waystone/engine/pattern/text-pattern";
import { Faults } from "../http-route/faults.ts";
import { translateHeaders } from "../http-route/matches.ts";

type PathMatchResource = NonNullable<RouteMatchResource["path"]>;
type MethodMatch = NonNullable<GRPCRouteMatch["method"]>;

/** As GRPCRoute's own validation has them. */
const exactNames = {
  service: /^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i,
  method: /^[a-z_][a-z_0-9]*$/i,
} as const;

/** No service or method is longer (GRPCMethodMatch). */
const longestName = 1024;

export function translateGrpcMatches(
  matches: readonly GRPCRouteMatch[] | undefined,
  at: string,
  faults: Faults,
): RouteMatchResource[] {
  const given = matches === undefined || matches.length === 0 ? [{}] : matches;
  return given.flatMap((match, position) => {
    const own = new Faults();
    const place = `${at}.matches[${position}]`;
    const translated: RouteMatchResource = {
      path: translateMethod(match.method, `${place}.method`, own),
      headers: translateHeaders(match.headers, `${place}.headers`, own),
      queryParams: [],
      method: "",
    };
    faults.invalid.push(...own.invalid);
    return own.invalid.length === 0 ? [translated] : [];
  });
}

function translateMethod(
  { type, service = "", method = "" }: MethodMatch = {},
  at: string,
  faults: Faults,
): PathMatchResource {
  if (service === "" && method === "") return { type: MatchType.PREFIX, value: "/" };
  const isExact = type !== "RegularExpression";
  for (const [part, name] of [["service", service] as const, ["method", method] as const]) {
    if (name === "") continue;
    if (isExact) checkName(part, name, `${at}.${part}`, faults);
    else checkExpression(name, `${at}.${part}`, faults);
  }
  if (isExact && service !== "" && method !== "") {
    return { type: MatchType.EXACT, value: `/${service}/${method}` };
  }
  const element = (name: string): string => {
    if (name === "") return "[^/]+";
    return isExact ? name.replaceAll(".", "\\.") : `(?:${name})`;
  };
  return {
    type: MatchType.REGULAR_EXPRESSION,
    value: `/${element(service)}/${element(method)}`,
    // "Characters in a matching service", then "in a matching method" (GRPCRouteRule.matches).
    precedence:
      Math.min(service.length, longestName) * (longestName + 1) + Math.min(method.length, longestName),
  };
}

function checkName(part: keyof typeof exactNames, name: string, at: string, faults: Faults): void {
  if (!exactNames[part].test(name)) faults.refuse(at, `${JSON.stringify(name)} is no name of a gRPC ${part}`);
}

/** By itself and as a group: neither a parenthesis too many nor an open quotation may reach into the rest of the path. */
function checkExpression(source: string, at: string, faults: Faults): void {
  try {
    regexPattern(source);
  } catch (error) {
    faults.refuse(at, errorMessage(error));
    return;
  }
  try {
    regexPattern(`(?:${source})`);
  } catch {
    faults.refuse(at, `${JSON.stringify(source)} quotes all that follows: end the quotation with \\E`);
  }
}

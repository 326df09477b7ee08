/**
 * rules[] of a TLSRoute or TCPRoute -> RouteRule. They have no matches, so the first rule takes every connection. A share of
 * a backend that cannot be used is reset, as requests of it would be answered with 500.
 */
import type { ConnectionRouteRule } from "@waystone/api/kubernetes/gateway";
import { isServerNamePattern } from "@waystone/engine/route/server-name";
import type { BackendContext } from "../http-route/backend-reference.ts";
import { translateBackends } from "../http-route/backends.ts";
import { Faults } from "../http-route/faults.ts";
import type { RuleTranslation } from "../http-route/rule.ts";

/** `hostnames`: of the route; checked with its first rule, which is useless where one of them is. */
export function translateConnectionRule(
  context: BackendContext,
  rule: ConnectionRouteRule,
  position: number,
  hostnames: readonly string[],
): RuleTranslation {
  const at = `rules[${position}]`;
  const faults = new Faults();
  if (position > 0) {
    faults.refuse(at, `a ${context.kind} has no matches, so its first rule takes every connection`);
    return dropped(faults, `rule ${position} is never used`);
  }
  for (const [index, hostname] of hostnames.entries()) {
    if (!isServerNamePattern(hostname)) {
      faults.refuse(
        `hostnames[${index}]`,
        `${JSON.stringify(hostname)} is no name that a client could ask for`,
      );
    }
  }
  const backends = translateBackends({ ...context, matches: undefined }, rule.backendRefs, at, faults);
  if (faults.invalid.length > 0) return dropped(faults, "the route takes no connection");
  return {
    rule: { name: rule.name ?? "", backends },
    dropped: false,
    consequence: "",
    invalid: [],
    unresolved: faults.unresolved,
  };
}

function dropped({ invalid, unresolved }: Faults, consequence: string): RuleTranslation {
  return { rule: undefined, dropped: true, consequence, invalid, unresolved };
}

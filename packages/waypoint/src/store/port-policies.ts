/**
 * What decides about a Service's port: the program of the port itself, and those of the rules of its routes that a policy is
 * about. Compiled when configuration changes, and only for Services in its reach (policy-reach.ts).
 */
import type { Program } from "@waystone/engine/authorization/program";
import type { PolicyIndex, PortPlace, RulePlace } from "@waystone/engine/authorization/policy-index";
import type { Route, RouteRule } from "@waystone/engine/route/route";
import type { StoredPort, StoredService } from "./service-from-resource.ts";
import type { PortPolicies } from "./snapshot.ts";

/** `ownWaypoint`: as for the store. */
export function placeOf(service: StoredService, port: StoredPort, ownWaypoint: string): PortPlace {
  return {
    namespace: service.namespace,
    service: service.key,
    port: port.port,
    portName: port.name,
    portNames: service.ports.map(({ name }) => name),
    gateway: gatewayOf(service, ownWaypoint),
    hasRequests: port.protocol === "http",
  };
}

/** Whose policies it has: ours while we serve it, even where its clients are led elsewhere by now; else its own waypoint's. */
export function gatewayOf(service: StoredService, ownWaypoint: string): string {
  const isServed = ownWaypoint !== "" && service.ports.some(({ listen }) => listen.length > 0);
  return isServed ? ownWaypoint : service.waypoint;
}

/** `routes`: those attached to the port that a policy is about. `program`: that of the port. */
export function portPolicies(
  index: PolicyIndex,
  place: PortPlace,
  program: Program | undefined,
  routes: readonly Route[],
): PortPolicies | undefined {
  const ofRules = new Map<RouteRule, Program>();
  for (const route of routes) {
    for (const rule of route.rules) {
      const own = index.programOfRule(place, rulePlace(route, rule), program);
      if (own !== undefined && own !== program) ofRules.set(rule, own);
    }
  }
  if (program === undefined && ofRules.size === 0) return undefined;
  const readsIdentity = [program, ...ofRules.values()].some((each) => each?.readsIdentity === true);
  return { program, ofRules, readsIdentity };
}

function rulePlace({ kind, namespace, name, rules }: Route, { name: ruleName }: RouteRule): RulePlace {
  return {
    kind: kind === "GRPCRoute" ? kind : "HTTPRoute",
    route: `${namespace}/${name}`,
    ruleName,
    ruleNames: rules.map((rule) => rule.name),
  };
}

/**
 * What decides about a Service's port: the program of the port itself, and those of the rules of its routes that a policy is
 * about. Compiled when configuration changes, and only for Services in its reach (policy-reach.ts).
 */
import type { Program } from "@waystone/engine/authorization/program";
import { type LeveledPolicy, mergeLevels } from "@waystone/engine/authentication/merge-levels";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { AuthenticationPolicy } from "@waystone/engine/authentication/policy";
import type { AuthorizationPolicy } from "@waystone/engine/authorization/policy";
import type { PortPlace, RulePlace } from "@waystone/engine/authorization/policy-index";
import type { Route, RouteRule } from "@waystone/engine/route/route";
import type { PolicyStore } from "./policies.ts";
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

/** `routes`: those attached to the port that a policy is about, or that ask somebody themselves. `ofPort`: what decides at the port itself. */
export function portPolicies(
  { authorization, authentication }: Pick<PolicyStore, "authorization" | "authentication">,
  place: PortPlace,
  ofPort: Deciders,
  routes: readonly Route[],
): PortPolicies | undefined {
  const { program, plan } = ofPort;
  const ofRules = new Map<RouteRule, Program>();
  const authenticationOfRules = new Map<RouteRule, AuthenticationPlan>();
  for (const route of routes) {
    for (const rule of route.rules) {
      const at = rulePlace(route, rule);
      const own = authorization.programOfRule(place, at, program, rule.externalAuth);
      if (own !== undefined && own !== program) ofRules.set(rule, own);
      const ownPlan = place.hasRequests ? authentication.planOfRule(place, at, plan) : undefined;
      if (ownPlan !== undefined && ownPlan !== plan) authenticationOfRules.set(rule, ownPlan);
    }
  }
  const plans = [...(plan === undefined ? [] : [plan]), ...authenticationOfRules.values()];
  if (program === undefined && ofRules.size === 0 && plans.length === 0) return undefined;
  const readsIdentity = [program, ...ofRules.values()].some((each) => each?.readsIdentity === true);
  const owned = new Set(plans.flatMap(({ ownedHeaders }) => [...ownedHeaders]));
  const ownedHeaders = owned.size === 0 ? undefined : owned;
  return { program, ofRules, readsIdentity, authentication: plan, authenticationOfRules, ownedHeaders };
}

/** What decides about a Service's port, whoever sends requests there. */
export interface Deciders {
  readonly program: Program | undefined;
  readonly plan: AuthenticationPlan | undefined;
}

/** Policies that are shadowed at a port of connections are noted as what would have been. */
export function decidersOf(
  { authorization, authentication }: Pick<PolicyStore, "authorization" | "authentication">,
  place: PortPlace,
): Deciders {
  if (place.hasRequests)
    return { program: authorization.programOf(place), plan: authentication.planOf(place) };
  const levels = authentication.levelsOf(place);
  const enforced = levels.filter(({ policy }) => policy.mode === "Enforce");
  const shadowed = levels.filter(({ policy }) => policy.mode === "Shadow");
  const shut = [...(mayShowNothing(enforced) ? [] : enforced), ...(mayShowNothing(levels) ? [] : shadowed)];
  const more = [...new Map(shut.map(({ policy }) => [policy.key, policy])).values()].map(refusingAll);
  return { program: authorization.programOf(place, more), plan: undefined };
}

/** Whether who shows nothing is let in as nobody: a connection has nothing to show. */
function mayShowNothing(levels: readonly LeveledPolicy[]): boolean {
  const merged = mergeLevels(levels);
  return merged === undefined || (merged.requirement === "Optional" && merged.unusable === "");
}

function refusingAll(policy: AuthenticationPolicy): AuthorizationPolicy {
  const { key, namespace, name, generation, createdAtSeconds, mode, targets } = policy;
  const unusable = ["connections have nothing to show that says who asks: only requests do"];
  const rest = { action: "ALLOW", minimumAssurance: "None", rules: [], provider: undefined } as const;
  return { key, namespace, name, generation, createdAtSeconds, mode, targets, unusable, ...rest };
}

function rulePlace({ kind, namespace, name, rules }: Route, { name: ruleName }: RouteRule): RulePlace {
  return {
    kind: kind === "GRPCRoute" ? kind : "HTTPRoute",
    route: `${namespace}/${name}`,
    ruleName,
    ruleNames: rules.map((rule) => rule.name),
  };
}

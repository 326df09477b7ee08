/**
 * Which policies hold where. Follows them one by one; a program is made per port, and per rule of a route where a policy
 * targets that route: what a request costs depends on the policies of its own port. Programs never change.
 */
import type { AuthorizationPolicy } from "./policy.ts";
import { type Applied, buildProgram, type Program } from "./program.ts";
import { TargetIndex } from "./target-index.ts";

/** A port of a Service that a waypoint serves. */
export interface PortPlace {
  readonly namespace: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly port: number;
  readonly portName: string;
  /** Of all the ports of the Service. */
  readonly portNames: readonly string[];
  /** The waypoint, "<namespace>/<gateway>". */
  readonly gateway: string;
  /** False on TCP and TLS ports. */
  readonly hasRequests: boolean;
}

/** A rule of a route that a request matched. */
export interface RulePlace {
  readonly kind: "HTTPRoute" | "GRPCRoute";
  /** "<namespace>/<name>" */
  readonly route: string;
  readonly ruleName: string;
  /** Of all the rules of the route. */
  readonly ruleNames: readonly string[];
}

export class PolicyIndex {
  readonly #targets = new TargetIndex<AuthorizationPolicy>();

  constructor(policies: Iterable<AuthorizationPolicy>) {
    for (const policy of policies) this.put(policy);
  }

  put(policy: AuthorizationPolicy): void {
    this.#targets.put(policy);
  }

  /** The very object that was put. */
  remove(policy: AuthorizationPolicy): void {
    this.#targets.remove(policy);
  }

  /** Undefined: no policy has a say, all is allowed. `more`: what has a say there beside. */
  programOf(place: PortPlace, more: readonly AuthorizationPolicy[] = []): Program | undefined {
    return programFrom([...this.#ofPort(place), ...more.map(asWritten)], place);
  }

  /** That of the port with the policies of the rule; `ofPort` itself where the rule adds none. `filter`: the rule's ExternalAuth. */
  programOfRule(
    place: PortPlace,
    rule: RulePlace,
    ofPort: Program | undefined,
    filter?: AuthorizationPolicy,
  ): Program | undefined {
    const own = [
      ...this.#targets.placedAt(rule.kind, rule.route, rule.ruleName, rule.ruleNames),
      ...(filter === undefined ? [] : [asWritten(filter)]),
    ];
    return own.length === 0 ? ofPort : programFrom([...this.#ofPort(place), ...own], place);
  }

  #ofPort(place: PortPlace): readonly Applied[] {
    return [
      ...this.#targets.placedAt("Service", place.service, place.portName, place.portNames),
      ...this.#targets.placedAt("Namespace", place.namespace, "", []),
      ...this.#targets.placedAt("Gateway", place.gateway, "", []),
    ];
  }
}

function asWritten(policy: AuthorizationPolicy): Applied {
  return { policy, isSectionMissing: false };
}

/** A policy that names a place twice holds there once, and where one of the names is good it holds as written. */
function programFrom(applied: readonly Applied[], place: PortPlace): Program | undefined {
  if (applied.length === 0) return undefined;
  const once = new Map<AuthorizationPolicy, Applied>();
  for (const each of applied) {
    const before = once.get(each.policy);
    if (before === undefined || before.isSectionMissing) once.set(each.policy, each);
  }
  return buildProgram([...once.values()], place, place.hasRequests);
}

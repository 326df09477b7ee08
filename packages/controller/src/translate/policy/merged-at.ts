/**
 * What AuthenticationPolicies come to at a Service's port, or for a route there, by the one function that waypoints merge with
 * (engine/authentication/merge-levels.ts): for what is said of them.
 */
import type { AuthenticationPolicy } from "@waystone/api/kubernetes/waystone";
import type { PolicyTargetResource } from "@waystone/api/resources";
import type { Index } from "@waystone/collection/collection";
import { type MergedAuthentication, mergeLevels } from "@waystone/engine/authentication/merge-levels";
import type { AuthenticationPolicy as CompiledPolicy } from "@waystone/engine/authentication/policy";
import { AuthenticationIndex } from "@waystone/engine/authentication/policy-index";
import type { PortPlace, RulePlace } from "@waystone/engine/authorization/policy-index";
import type { SourcedObject } from "../../model/sources.ts";
import { isHttp } from "../../model/service-port.ts";
import { createdAtSeconds } from "../resource-head.ts";
import type { ResolvedTarget, TargetContext } from "./targets.ts";

export type PolicySource = SourcedObject<AuthenticationPolicy>;

export interface MergedContext extends Omit<TargetContext, "namespace"> {
  /** By targetNames. */
  readonly authenticationByTarget: Index<PolicySource>;
}

/** "<Kind> <namespace>/<name>" of each target; of a Namespace its name alone. */
export function targetNames({ object: { metadata, spec } }: PolicySource): readonly string[] {
  return spec.targetRefs.map(({ kind, name }) => targetName(kind, metadata.namespace ?? "", name));
}

function targetName(kind: string, namespace: string, name: string): string {
  return kind === "Namespace" ? `Namespace ${name}` : `${kind} ${namespace}/${name}`;
}

type TargetService = ResolvedTarget["services"][number];

/** Of those in force. `target`: a route's, of which the rules count as well. Undefined: there are none. */
export function mergedAt(
  { fetch, authenticationByTarget }: MergedContext,
  service: TargetService["service"],
  port: TargetService["ports"][number],
  target: PolicyTargetResource,
): MergedAuthentication | undefined {
  const place: PortPlace = {
    namespace: service.namespace,
    service: service.key,
    port: port.port,
    portName: port.name,
    portNames: service.ports.map(({ name }) => name),
    gateway: service.waypoint ?? "",
    hasRequests: isHttp(port),
  };
  const { kind = "", name: route = "", section } = target;
  const isRoute = kind === "HTTPRoute" || kind === "GRPCRoute";
  const names = [`Service ${place.service}`, `Namespace ${place.namespace}`, `Gateway ${place.gateway}`];
  if (isRoute) names.push(`${kind} ${route}`);
  const index = new AuthenticationIndex();
  const found = new Map(
    names.flatMap((name) => fetch.lookup(authenticationByTarget, name)).map((each) => [each.key, each]),
  );
  for (const each of found.values())
    if ((each.object.spec.mode ?? "Enforce") === "Enforce") index.put(outline(each));
  const ruleName = section ?? "";
  const rule: RulePlace | undefined = isRoute
    ? { kind, route: route ?? "", ruleName, ruleNames: [ruleName] }
    : undefined;
  return mergeLevels(rule === undefined ? index.levelsOf(place) : index.levelsOfRule(place, rule));
}

/** As much of a policy as merging asks for. */
function outline({ key, object }: PolicySource): CompiledPolicy {
  const { metadata, spec } = object;
  const namespace = metadata.namespace ?? "";
  return {
    key: `AuthenticationPolicy/${key}`,
    namespace,
    name: metadata.name,
    generation: 0,
    createdAtSeconds: createdAtSeconds(object),
    mode: spec.mode ?? "Enforce",
    targets: spec.targetRefs.map(({ kind, name, sectionName }) => ({
      kind,
      name: kind === "Namespace" ? name : `${namespace}/${name}`,
      section: sectionName ?? "",
    })),
    requirement: spec.requirement,
    jwt: spec.jwt === undefined ? undefined : { providers: [] },
    apiKeys: spec.apiKeys === undefined ? undefined : { places: [], ownerHeader: undefined, forward: false },
    basic: spec.basic === undefined ? undefined : { userHeader: undefined, forward: false },
    unusable: [],
  };
}

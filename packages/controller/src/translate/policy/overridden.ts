/**
 * Where an AuthenticationPolicy says nothing that holds, because others say it more specifically or earlier: by the one function that waypoints
 * merge with (engine/authentication/merge-levels.ts), asked at each place that a target means.
 */
import type { AuthenticationPolicy } from "@waystone/api/kubernetes/waystone";
import type { Index } from "@waystone/collection/collection";
import { mergeLevels } from "@waystone/engine/authentication/merge-levels";
import type { AuthenticationPolicy as CompiledPolicy } from "@waystone/engine/authentication/policy";
import { AuthenticationIndex } from "@waystone/engine/authentication/policy-index";
import type { PortPlace, RulePlace } from "@waystone/engine/authorization/policy-index";
import { draftCondition, type DraftCondition } from "../../model/draft-condition.ts";
import type { SourcedObject } from "../../model/sources.ts";
import { isHttp } from "../../model/service-port.ts";
import { createdAtSeconds } from "../resource-head.ts";
import type { ResolvedTarget, TargetContext } from "./targets.ts";

type Source = SourcedObject<AuthenticationPolicy>;

export interface OverriddenContext extends Omit<TargetContext, "namespace"> {
  /** By targetNames. */
  readonly authenticationByTarget: Index<Source>;
}

/** "<Kind> <namespace>/<name>" of each target; of a Namespace its name alone. */
export function targetNames({ object: { metadata, spec } }: Source): readonly string[] {
  return spec.targetRefs.map(({ kind, name }) => targetName(kind, metadata.namespace ?? "", name));
}

function targetName(kind: string, namespace: string, name: string): string {
  return kind === "Namespace" ? `Namespace ${name}` : `${kind} ${namespace}/${name}`;
}

/** Undefined: it is not overridden anywhere at the target. */
export function overriddenCondition(
  context: OverriddenContext,
  source: Source,
  { resource, services }: ResolvedTarget,
  generation: number,
): DraftCondition | undefined {
  if (resource === undefined) return undefined;
  const key = `AuthenticationPolicy/${source.key}`;
  const by = new Set<string>();
  const where: string[] = [];
  let places = 0;
  for (const { service, ports } of services) {
    for (const port of ports) {
      if (!isHttp(port)) continue;
      places++;
      const place: PortPlace = {
        namespace: service.namespace,
        service: service.key,
        port: port.port,
        portName: port.name,
        portNames: service.ports.map(({ name }) => name),
        gateway: service.waypoint ?? "",
        hasRequests: true,
      };
      const stronger = strongerAt(
        context,
        place,
        resource.kind ?? "",
        resource.name ?? "",
        resource.section ?? "",
      ).get(key);
      if (stronger === undefined) continue;
      where.push(`${service.key}:${port.port}`);
      for (const each of stronger) by.add(each);
    }
  }
  if (where.length === 0) return undefined;
  const isWhole = where.length === places;
  const message = `nothing of it holds ${isWhole ? "" : `at ${where.slice(0, 3).join(", ")}${where.length > 3 ? ` and ${where.length - 3} more` : ""}, `}because of ${[...by].toSorted().join(", ")}`;
  return draftCondition(
    "Overridden",
    isWhole ? "True" : "False",
    isWhole ? "Overridden" : "PartlyOverridden",
    message,
    generation,
  );
}

/** Who is overridden at a place, and by whom. */
function strongerAt(
  { fetch, authenticationByTarget }: OverriddenContext,
  place: PortPlace,
  kind: string,
  target: string,
  section: string,
): ReadonlyMap<string, readonly string[]> {
  const isRoute = kind === "HTTPRoute" || kind === "GRPCRoute";
  const names = [`Service ${place.service}`, `Namespace ${place.namespace}`, `Gateway ${place.gateway}`];
  if (isRoute) names.push(`${kind} ${target}`);
  const index = new AuthenticationIndex();
  const found = new Map(
    names.flatMap((name) => fetch.lookup(authenticationByTarget, name)).map((each) => [each.key, each]),
  );
  for (const each of found.values())
    if ((each.object.spec.mode ?? "Enforce") === "Enforce") index.put(outline(each));
  const rule: RulePlace | undefined = isRoute
    ? { kind, route: target, ruleName: section, ruleNames: [section] }
    : undefined;
  const applied = rule === undefined ? index.levelsOf(place) : index.levelsOfRule(place, rule);
  return mergeLevels(applied)?.overridden ?? new Map();
}

/** As much of a policy as merging asks for. */
function outline({ key, object }: Source): CompiledPolicy {
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

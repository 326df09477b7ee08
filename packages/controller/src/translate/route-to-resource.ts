/**
 * A route of any kind -> Route resource and the conditions of its parents. Pure but for what it fetches: the Services that
 * it refers to, and the Gateways that it may name as parents.
 */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup, controllerName, typeUrls } from "@waystone/api/names";
import { Route, type RouteResource } from "@waystone/api/resources";
import type { FetchContext } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { Finding } from "../model/finding.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import type { AnyRoute } from "../model/route-attachment.ts";
import { translateConnectionRule } from "./connection-route/rule.ts";
import type { BackendContext } from "./http-route/backend-reference.ts";
import { parentConditions } from "./http-route/conditions.ts";
import { judgeParent, type ParentModel, type ParentVerdict } from "./http-route/parents.ts";
import { type RuleTranslation, translateGrpcRule, translateHttpRule } from "./http-route/rule.ts";
import {
  emptyStatus,
  type ObjectStatus,
  type ParentStatus,
  referencesTo,
  type Translation,
} from "./object-status.ts";
import { resourceHead } from "./resource-head.ts";
import type { RouteNeeds } from "./route-needs.ts";

export interface RouteTranslation extends Translation {
  readonly needs: RouteNeeds;
}

type Parent = readonly [ParentReference, ParentVerdict];

export function translateRoute(
  fetch: FetchContext,
  sources: Sources,
  model: ParentModel & Pick<BackendContext, "tlsPolicies">,
  source: SourcedObject<AnyRoute>,
): RouteTranslation {
  const { object } = source;
  const { kind } = object;
  const key = `${kind}/${source.key}`;
  const namespace = object.metadata.namespace ?? "";
  const parents = (object.spec?.parentRefs ?? []).map(
    (ref): Parent => [ref, judgeParent({ kind, fetch, sources, model, namespace }, ref)],
  );
  const backends = new Set<string>();
  const { name } = object.metadata;
  const { services, tlsPolicies } = model;
  const context = { kind, fetch, sources, services, tlsPolicies, namespace, name, needs: backends };
  const rules = translateRules(context, object);
  const resource = encodeRoute(object, key, attachedParents(parents), rules);
  return {
    key,
    resource,
    status: {
      ...routeStatus(source, parents, rules, resource),
      findings: routeFindings(sources, parents, rules),
    },
    needs: {
      route: key,
      parents: [...new Set(attachedParents(parents).map(({ service }) => service))].toSorted(),
      backends: [...backends].toSorted(),
    },
  };
}

function translateRules(context: BackendContext, route: AnyRoute): readonly RuleTranslation[] {
  switch (route.kind) {
    case "GRPCRoute":
      return orDefault(route.spec?.rules, {}).map((rule, at) => translateGrpcRule(context, rule, at));
    case "HTTPRoute":
      return orDefault(route.spec?.rules, {}).map((rule, at) => translateHttpRule(context, rule, at));
    case "TLSRoute":
    case "TCPRoute": {
      const rules = route.spec?.rules ?? [];
      return rules.map((rule, at) => translateConnectionRule(context, rule, at, hostnamesOf(route)));
    }
  }
}

/** A TLSRoute's are what it is about; TCPRoutes have none. */
function hostnamesOf(route: AnyRoute): readonly string[] {
  return route.kind === "TCPRoute" ? [] : (route.spec?.hostnames ?? []);
}

/** HTTPRoute's default where no rule is given: one for every request, without a backend (answered with 500). */
function orDefault<Rule>(rules: readonly Rule[] | undefined, rule: Rule): readonly Rule[] {
  return rules === undefined || rules.length === 0 ? [rule] : rules;
}

interface RouteParent {
  readonly service: string;
  readonly port: number;
}

/** Sorted; a reference to one port adds nothing to one to all ports. */
function attachedParents(parents: readonly Parent[]): RouteParent[] {
  const attached = parents.flatMap(([, verdict]) => (verdict.type === "attached" ? [verdict] : []));
  const all = attached.flatMap(({ service, ports }) => ports.map((port) => ({ service, port })));
  const unique = new Map(all.map((parent) => [`${parent.service}:${parent.port}`, parent]));
  return [...unique.values()]
    .filter(({ service, port }) => port === 0 || !unique.has(`${service}:0`))
    .toSorted((a, b) => (a.service === b.service ? a.port - b.port : a.service < b.service ? -1 : 1));
}

/** undefined: attached to nothing, so no waypoint has a use for it. */
function encodeRoute(
  route: AnyRoute,
  key: string,
  parents: RouteParent[],
  rules: readonly RuleTranslation[],
): EncodedResource | undefined {
  if (parents.length === 0) return undefined;
  const served = rules.flatMap(({ rule }) => rule ?? []);
  const message: RouteResource = {
    ...resourceHead(route),
    parents,
    // Without a rule there is nothing that they could be about, and some may be why.
    hostnames: route.kind === "TLSRoute" && served.length === 0 ? [] : [...hostnamesOf(route)],
    rules: served,
  };
  return encodeResource(typeUrls.route, key, Route.encode(message).finish());
}

function routeStatus(
  { object, problem }: SourcedObject<AnyRoute>,
  parents: readonly Parent[],
  rules: readonly RuleTranslation[],
  resource: EncodedResource | undefined,
): ObjectStatus {
  const status = emptyStatus(object, problem);
  return {
    ...status,
    parents: parents.flatMap(([ref, verdict]): ParentStatus[] => {
      if (verdict.type === "foreign") return [];
      return [
        {
          parentRef: { ...ref, group: ref.group ?? gatewayGroup, kind: ref.kind ?? "Gateway" },
          controllerName,
          waypoint: verdict.type === "attached" ? verdict.waypoint : undefined,
          conditions: parentConditions(verdict, rules, status.generation),
        },
      ];
    }),
    resources: referencesTo(resource),
  };
}

/**
 * A cluster has routes of other controllers: nobody waits for our word on those. Who writes files for Waystone may have
 * meant it.
 */
function routeFindings(
  { cluster }: Pick<Sources, "cluster">,
  parents: readonly Parent[],
  rules: readonly RuleTranslation[],
): Finding[] {
  if (cluster === undefined) return [...parentFindings(parents, "warning"), ...rules.flatMap(ruleFindings)];
  const isOurs = parents.some(([, { type }]) => type !== "foreign");
  return [...parentFindings(parents, "info"), ...(isOurs ? rules.flatMap(ruleFindings) : [])];
}

function parentFindings(parents: readonly Parent[], ofForeign: Finding["severity"]): Finding[] {
  return parents.flatMap(([, verdict], position): Finding[] => {
    const field = `spec.parentRefs[${position}]`;
    switch (verdict.type) {
      case "attached":
        return verdict.note === undefined ? [] : [{ severity: "warning", field, message: verdict.note }];
      case "refused":
        return [{ severity: "error", field, message: verdict.message }];
      case "foreign":
        return [{ severity: ofForeign, field, message: verdict.note }];
      default:
        return verdict satisfies never;
    }
  });
}

function ruleFindings({ invalid, unresolved, consequence }: RuleTranslation): Finding[] {
  const error = (field: string, message: string): Finding => ({
    severity: "error",
    field: `spec.${field}`,
    message,
  });
  return [
    ...invalid.map(({ field, message }) => error(field, `${message} (${consequence})`)),
    ...unresolved.map(({ field, message }) => error(field, message)),
  ];
}

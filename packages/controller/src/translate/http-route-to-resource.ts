/**
 * HTTPRoute -> Route resource and the conditions of its parents. Pure but for what it fetches: the Services that it refers
 * to, and the Gateways that it may name as parents.
 */
import type { HTTPRoute, HTTPRouteRule, ParentReference } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup, controllerName, typeUrls } from "@waystone/api/names";
import { Route, type RouteResource } from "@waystone/api/resources";
import type { FetchContext } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { Model } from "../model/model.ts";
import type { Finding } from "../model/finding.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { parentConditions } from "./http-route/conditions.ts";
import { judgeParent, type ParentVerdict } from "./http-route/parents.ts";
import { type RuleTranslation, translateRule } from "./http-route/rule.ts";
import {
  emptyStatus,
  type ObjectStatus,
  type ParentStatus,
  referenceTo,
  type Translation,
} from "./object-status.ts";
import type { RouteNeeds } from "./route-needs.ts";

export interface RouteTranslation extends Translation {
  readonly needs: RouteNeeds;
}

type Parent = readonly [ParentReference, ParentVerdict];

export function translateHttpRoute(
  fetch: FetchContext,
  sources: Sources,
  model: Pick<Model, "services">,
  source: SourcedObject<HTTPRoute>,
): RouteTranslation {
  const { key, object } = source;
  const namespace = object.metadata.namespace ?? "";
  const parents = (object.spec?.parentRefs ?? []).map(
    (ref): Parent => [ref, judgeParent({ fetch, sources, model, namespace }, ref)],
  );
  const backends = new Set<string>();
  const rules = rulesOf(object).map((rule, position) =>
    translateRule({ fetch, services: model.services, namespace, needs: backends }, rule, position),
  );
  const resource = encodeRoute(object, key, attachedParents(parents), rules);
  return {
    key: `HTTPRoute/${key}`,
    resource,
    status: routeStatus(source, parents, rules, resource),
    needs: {
      route: `HTTPRoute/${key}`,
      parents: [...new Set(attachedParents(parents).map(({ service }) => service))].toSorted(),
      backends: [...backends].toSorted(),
    },
  };
}

/** The CRD's default where nothing is given: one rule for every request, without a backend (answered with 500). */
function rulesOf(route: HTTPRoute): readonly HTTPRouteRule[] {
  const rules = route.spec?.rules ?? [];
  return rules.length === 0 ? [{}] : rules;
}

interface RouteParent {
  readonly service: string;
  readonly port: number;
}

/** Sorted; a reference to one port adds nothing to one to all ports. */
function attachedParents(parents: readonly Parent[]): RouteParent[] {
  const attached = parents.flatMap(([, verdict]) => (verdict.type === "attached" ? [verdict] : []));
  const unique = new Map(attached.map(({ service, port }) => [`${service}:${port}`, { service, port }]));
  return [...unique.values()]
    .filter(({ service, port }) => port === 0 || !unique.has(`${service}:0`))
    .toSorted((a, b) => (a.service === b.service ? a.port - b.port : a.service < b.service ? -1 : 1));
}

/** undefined: attached to nothing, so no waypoint has a use for it. */
function encodeRoute(
  route: HTTPRoute,
  key: string,
  parents: RouteParent[],
  rules: readonly RuleTranslation[],
): EncodedResource | undefined {
  if (parents.length === 0) return undefined;
  const created = Date.parse(route.metadata.creationTimestamp ?? "");
  const message: RouteResource = {
    kind: "HTTPRoute",
    namespace: route.metadata.namespace ?? "",
    name: route.metadata.name,
    generation: route.metadata.generation ?? 0,
    createdAtSeconds: Number.isNaN(created) ? 0 : Math.floor(created / 1000),
    parents,
    hostnames: [...(route.spec?.hostnames ?? [])],
    rules: rules.flatMap(({ rule }) => rule ?? []),
  };
  return encodeResource(typeUrls.route, `HTTPRoute/${key}`, Route.encode(message).finish());
}

function routeStatus(
  { object, problem }: SourcedObject<HTTPRoute>,
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
    resource: resource === undefined ? undefined : referenceTo(resource),
    findings: [...parentFindings(parents), ...rules.flatMap(ruleFindings)],
  };
}

function parentFindings(parents: readonly Parent[]): Finding[] {
  return parents.flatMap(([, verdict], position): Finding[] => {
    const field = `spec.parentRefs[${position}]`;
    switch (verdict.type) {
      case "attached":
        return [];
      case "refused":
        return [{ severity: "error", field, message: verdict.message }];
      case "foreign":
        return [{ severity: "warning", field, message: verdict.note }];
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

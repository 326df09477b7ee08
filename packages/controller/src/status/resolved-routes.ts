/**
 * What `--once` prints: for each served Service port, which request goes where, in the order in which a waypoint decides.
 * Made from the resources as they are pushed and the waypoint's own route table, so it cannot say anything else.
 */
import { typeUrls } from "@waystone/api/names";
import { Protocol, Route as RouteMessage } from "@waystone/api/resources";
import type { Collection } from "@waystone/collection/collection";
import { buildConnectionTable, isConnectionRoute } from "@waystone/engine/route/connection-table";
import { describeMatch } from "@waystone/engine/route/describe-match";
import type { Matched, Route, RouteRule } from "@waystone/engine/route/route";
import { routeFromResource } from "@waystone/engine/route/route-from-resource";
import { buildRouteTable } from "@waystone/engine/route/route-table";
import type { EncodedResource } from "@waystone/xds/resource";
import type { Model } from "../model/model.ts";
import type { ServiceModel } from "../model/service.ts";
import { isHttp, type PortModel } from "../model/service-port.ts";
import { countEndpoints, type EndpointCount } from "./endpoint-count.ts";

export interface ResolvedPort {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly port: number;
  readonly protocol: string;
  readonly isHttp: boolean;
  readonly protocolReason: string;
  readonly listen: readonly string[];
  readonly endpoints: EndpointCount;
  /** Routes of another namespace, for clients from there; they come first. */
  readonly consumers: readonly { readonly namespace: string; readonly entries: readonly ResolvedEntry[] }[];
  /** undefined: no route is attached, everything goes to the Service's own endpoints. */
  readonly entries: readonly ResolvedEntry[] | undefined;
}

export interface ResolvedEntry {
  readonly match: string;
  /** Nothing gets past it. */
  readonly isEverything: boolean;
  /** "<namespace>/<route>/<rule>" */
  readonly rule: string;
  readonly action: string;
}

export function resolveRoutes(model: Model, resources: Collection<EncodedResource>): readonly ResolvedPort[] {
  const routes = resources
    .list()
    .filter(({ typeUrl }) => typeUrl === typeUrls.route)
    .map(({ body }) => routeFromResource(RouteMessage.decode(body)));
  return model.services
    .list()
    .filter(({ waypoint }) => waypoint !== undefined)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((service) => service.ports.map((port) => resolvePort(model, service, port, routes)));
}

function resolvePort(
  model: Model,
  service: ServiceModel,
  port: PortModel,
  routes: readonly Route[],
): ResolvedPort {
  const attached = routes.filter(
    (route) => isConnectionRoute(route) !== isHttp(port) && isAttached(route, service.key, port.port),
  );
  const own = attached.filter(({ namespace }) => namespace === service.namespace);
  const consumers = [...new Set(attached.map(({ namespace }) => namespace))]
    .filter((namespace) => namespace !== service.namespace)
    .toSorted();
  return {
    service: service.key,
    port: port.port,
    protocol: Protocol[port.protocol] ?? "",
    isHttp: isHttp(port),
    protocolReason: port.protocolReason,
    listen: port.listen.map(({ address, port: number }) => `${address}:${number}`),
    endpoints: countEndpoints(model.slicesByService.lookup(service.key), port.name),
    consumers: consumers.map((namespace) => ({
      namespace,
      entries: listEntries(attached.filter((route) => route.namespace === namespace)),
    })),
    entries: own.length === 0 ? undefined : listEntries(own),
  };
}

function isAttached(route: Route, service: string, port: number): boolean {
  return route.parents.some(
    (parent) => parent.service === service && (parent.port === 0 || parent.port === port),
  );
}

/** Of one port: all of them are about requests, or all about connections. */
function listEntries(routes: readonly Route[]): ResolvedEntry[] {
  if (routes.some(isConnectionRoute)) return listConnections(routes);
  return buildRouteTable(routes)
    .entries()
    .map(({ rule, match }: Matched) => ({
      match: describeMatch(match),
      isEverything: describeMatch(match) === "/*",
      rule: rule.label,
      action: describeAction(rule),
    }));
}

function listConnections(routes: readonly Route[]): ResolvedEntry[] {
  return buildConnectionTable(routes)
    .entries()
    .map(({ serverName, rule }) => ({
      match: describeServerName(serverName, rule.route.kind),
      isEverything: serverName === "*",
      rule: rule.label,
      action: describeBackends(rule, "reset"),
    }));
}

function describeServerName(serverName: string, kind: string): string {
  if (serverName !== "*") return `server name ${serverName}`;
  return kind === "TLSRoute" ? "any server name, or none" : "every connection";
}

function describeAction(rule: RouteRule): string {
  const parts: string[] = [];
  if (rule.redirect !== undefined) parts.push(`redirect ${rule.redirect.status}`);
  if (rule.rewrite !== undefined) parts.push("rewrite");
  if (rule.requestHeaders !== undefined) parts.push("request headers");
  if (rule.responseHeaders !== undefined) parts.push("response headers");
  if (rule.cors !== undefined) parts.push("CORS");
  for (const { backend, fraction } of rule.mirrors) {
    parts.push(`mirror ${Math.round(fraction * 1000) / 10}% to ${backend.service}:${backend.port}`);
  }
  if (rule.requestTimeoutMs) parts.push(`timeout ${rule.requestTimeoutMs} ms`);
  if (rule.retry !== undefined) parts.push(`up to ${rule.retry.attempts} retries`);
  if (rule.redirect === undefined) parts.push(describeBackends(rule, "500"));
  return parts.join(", ");
}

/** `refusal`: what a share gets whose backend cannot be used. */
function describeBackends({ backends }: RouteRule, refusal: string): string {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return `${refusal} (no backend)`;
  const shares = backends
    .filter(({ weight }) => weight > 0)
    .map(({ service, port, weight, invalid }) => {
      const share = weight === total ? "" : `${Math.round((weight / total) * 1000) / 10}% `;
      return invalid === "" ? `${share}${service}:${port}` : `${share}${refusal} (${invalid})`;
    });
  return `to ${shares.join(", ")}`;
}

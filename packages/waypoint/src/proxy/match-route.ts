/**
 * Which port a request or connection belongs to, and which rule of its routes it gets: the same answers when a tunnel is
 * asked again later.
 */
import type { ConnectionTable } from "@waystone/engine/route/connection-table";
import { pickTable } from "@waystone/engine/route/pick-table";
import type { Matched, RequestView, RouteRule } from "@waystone/engine/route/route";
import type { ServedPort, Snapshot } from "../store/snapshot.ts";
import { type ConnectionContext, labelsOf } from "./connection-context.ts";

/** The port that the connection came in on, unless its place has gone, or has become that of another Service. */
export function servedPort(context: ConnectionContext, snapshot: Snapshot): ServedPort | undefined {
  const port = snapshot.listeners.get(context.listenKey);
  return port?.key === context.acceptedPort.key ? port : undefined;
}

/** Consumer routes before producer routes, never merged (GEP-1294); undefined: no routes, so the Service itself. */
export function matchRoute(
  context: ConnectionContext,
  request: RequestView,
  port: ServedPort,
): Matched | undefined | "none" {
  const table = tableFor(context, port.routes, port.consumerRoutes);
  if (table === undefined) return undefined;
  return table.match(request) ?? "none";
}

/** What decides about the client's connections; undefined: no routes, so the Service itself. */
export function connectionTable(context: ConnectionContext, port: ServedPort): ConnectionTable | undefined {
  return tableFor(context, port.connectionRoutes, port.consumerConnectionRoutes);
}

function tableFor<Table>(
  context: ConnectionContext,
  producer: Table | undefined,
  consumers: ReadonlyMap<string, Table>,
): Table | undefined {
  if (consumers.size === 0) return producer;
  return pickTable(producer, consumers, labelsOf(context.identity())?.namespace ?? "");
}

/** Whether the rule may send to the backend, "<namespace>/<name>:<port>": with whatever weight, as weights are for what is new. */
export function leadsTo({ backends }: RouteRule, backend: string): boolean {
  return backends.some(({ service, port, invalid }) => invalid === "" && `${service}:${port}` === backend);
}

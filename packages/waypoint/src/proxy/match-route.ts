/** Which port a request belongs to, and which rule of its routes it gets: the same answer when a tunnel is asked again later. */
import type { Matched, RequestView } from "@waystone/engine/route/route";
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
  let table = port.routes;
  if (port.consumerRoutes.size > 0) {
    const namespace = labelsOf(context.identity())?.namespace ?? "";
    table = port.consumerRoutes.get(namespace) ?? table;
  }
  if (table === undefined) return undefined;
  return table.match(request) ?? "none";
}

/**
 * What is said of each listener of a waypoint's Gateway: of the mesh's that it stands for the routes of all Services behind the
 * waypoint, and of every other that nobody is served there, so that it is neither Accepted nor Programmed.
 */
import type { Gateway, GatewayListener } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import { listenerKinds } from "../model/listener-kinds.ts";
import { isMeshListener, listenerFaults } from "../model/mesh-listener.ts";
import type { ListenerStatus } from "../translate/object-status.ts";

export interface WaypointFacts {
  /** To the Services behind it. */
  readonly attachedRoutes: number;
  /** Of the Gateway; undefined: nothing is known yet. */
  readonly programmed: DraftCondition | undefined;
}

export function listenerStatuses({ metadata, spec }: Gateway, facts: WaypointFacts): ListenerStatus[] {
  const generation = metadata.generation ?? 0;
  return (spec.listeners ?? []).map((listener) => listenerStatus(listener, facts, generation));
}

function listenerStatus(
  listener: GatewayListener,
  { attachedRoutes, programmed }: WaypointFacts,
  generation: number,
): ListenerStatus {
  const said = (type: string, reason: string, message: string, status: "True" | "False" = "True") =>
    draftCondition(type, status, reason, message, generation);
  const isOfMesh = isMeshListener(listener);
  const { supported, invalid } = listenerKinds(listener);
  const invalidKinds = invalid.map((each) => `allowedRoutes.kinds[${each.position}]: ${each.message}`);
  const faults = listenerFaults(listener);
  const [fault] = faults;
  const message = faults.map((each) => `${each.field}: ${each.message}`).join("; ");
  // The mesh's listener is what the waypoint is: nothing listens on its port, and it runs when the pods do.
  const isProgrammed = isOfMesh ? programmed : said("Programmed", "Invalid", message, "False");
  return {
    name: listener.name,
    supportedKinds: supported.map((kind) => ({ group: gatewayGroup, kind })),
    attachedRoutes: isOfMesh ? attachedRoutes : 0,
    conditions: [
      fault === undefined
        ? said("Accepted", "Accepted", "it says which namespaces may use the waypoint")
        : said("Accepted", fault.reason, message, "False"),
      ...(invalidKinds.length > 0
        ? [said("ResolvedRefs", "InvalidRouteKinds", invalidKinds.join("; "), "False")]
        : []),
      ...(invalidKinds.length === 0 && listener.tls === undefined
        ? [said("ResolvedRefs", "ResolvedRefs", "every kind of route that it asks for is served")]
        : []),
      ...(isProgrammed === undefined ? [] : [isProgrammed]),
    ],
  };
}

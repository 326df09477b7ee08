/**
 * With files alone: which Services have a waypoint, at once and for as long as it is asked for. (In a cluster there are
 * steps between asking and having: capture-target.ts.)
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "./draft-condition.ts";
import { judgeGateway, type Refusal } from "./gateway-verdict.ts";
import type { Sources } from "./sources.ts";
import { refuseTraffic } from "./traffic-refusal.ts";
import { findWish } from "./waypoint-wish.ts";

export interface Enrolment {
  /** The Service, "<namespace>/<name>". */
  readonly key: string;
  /** The waypoint that serves it, "<namespace>/<gateway>"; undefined: none. */
  readonly waypoint: string | undefined;
  /** No Gateway of that name was given. */
  readonly implied: boolean;
  /** WaypointBound; undefined where nobody asked for a waypoint. */
  readonly condition: DraftCondition | undefined;
}

export const waypointBound = "waystone.dev/WaypointBound";

export function buildEnrolments(graph: CollectionGraph, sources: Sources): Collection<Enrolment> {
  return graph.derive(sources.services, (context, { key, object }) => enrol(context, sources, key, object), {
    name: "enrolments",
    key: (enrolment) => enrolment.key,
  });
}

function enrol(context: FetchContext, sources: Sources, key: string, service: Service): Enrolment {
  const namespace = context.get(sources.namespaces, service.metadata.namespace ?? "")?.object;
  const wish = findWish(service, namespace);
  if (wish === undefined) return { key, waypoint: undefined, implied: false, condition: undefined };

  const refusal = refuseTraffic(service);
  if (refusal !== undefined) return refused(key, service, refusal);
  const verdict = judgeGateway(context, sources, service, namespace, wish);
  if (!verdict.isBound) return refused(key, service, verdict.refusal);
  const message = `Successfully attached to waypoint ${wish.waypoint} (${wish.by})`;
  return {
    key,
    waypoint: wish.waypoint,
    implied: verdict.isImplied,
    condition: draftCondition(waypointBound, "True", "WaypointAccepted", message, generationOf(service)),
  };
}

function refused(key: string, service: Service, { reason, message }: Refusal): Enrolment {
  const condition = draftCondition(waypointBound, "False", reason, message, generationOf(service));
  return { key, waypoint: undefined, implied: false, condition };
}

function generationOf({ metadata }: Service): number {
  return metadata.generation ?? 0;
}

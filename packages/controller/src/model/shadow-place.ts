/**
 * In a cluster: which waypoints serve a Service, and on which of their ports, as its shadow says. Not what annotations ask
 * for: a Service is served from before clients are pointed at the waypoint until after they have been given back.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import { lostPortsAt, type PortClaims } from "./port-claim.ts";
import { isShadowOf, type ShadowModel } from "./shadow.ts";
import type { SourcedObject } from "./sources.ts";

export interface ShadowPlace {
  /** The front, "<namespace>/<name>". */
  readonly key: string;
  readonly isOfThisFront: boolean;
  /** "<namespace>/<gateway>"; undefined: none, or the shadow of another front. */
  readonly waypoint: string | undefined;
  /**
   * All that serve it, sorted. The one that it moves to is among them only when it lost none of its ports there: two
   * Services on one port could not be told apart.
   */
  readonly waypoints: readonly string[];
  /** Service port to waypoint port: those where `waypoint` may listen for it. */
  readonly listen: ReadonlyMap<number, number>;
  /** Service ports whose waypoint port belongs to another Service, at either waypoint. */
  readonly lostPorts: readonly number[];
}

export function buildShadowPlaces(
  graph: CollectionGraph,
  fronts: Collection<SourcedObject<Service>>,
  shadows: Collection<ShadowModel>,
  claims: PortClaims,
): Collection<ShadowPlace> {
  return graph.derive(
    fronts,
    (context, { key, object }): ShadowPlace | undefined => {
      const shadow = context.get(shadows, key);
      if (shadow === undefined) return undefined;
      const lostAt = (waypoint: string | undefined): readonly number[] =>
        waypoint === undefined ? [] : lostPortsAt(context, claims, shadow, waypoint);
      return isShadowOf(shadow, object) ? placeOf(shadow, lostAt) : { ...nowhere, key };
    },
    { name: "shadow-places", key: ({ key }) => key },
  );
}

const nowhere: Omit<ShadowPlace, "key"> = {
  isOfThisFront: false,
  waypoint: undefined,
  waypoints: [],
  listen: new Map(),
  lostPorts: [],
};

function placeOf(
  shadow: ShadowModel,
  lostAt: (waypoint: string | undefined) => readonly number[],
): ShadowPlace {
  const { front, waypoint, movingTo, ports } = shadow;
  const lost = new Set(lostAt(waypoint));
  const lostThere = lostAt(movingTo);
  const serving = lostThere.length === 0 && waypoint !== undefined ? [waypoint, movingTo] : [waypoint];
  return {
    key: front,
    isOfThisFront: true,
    waypoint,
    waypoints: [...new Set(serving.filter((each) => each !== undefined))].toSorted(),
    listen: waypoint === undefined ? new Map() : new Map([...ports].filter(([port]) => !lost.has(port))),
    lostPorts: [...new Set([...lost, ...lostThere])].toSorted((a, b) => a - b),
  };
}

/**
 * Which Service has which port of which waypoint. A shadow names ports, and whoever can write it could name another's: so a
 * port is a claim, and one claim wins. The Service that the waypoint has captured comes first (its clients are on that port
 * now), then the older shadow, then by name. The loser does not listen there, and is given another port.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { capturedBy } from "./front-marks.ts";
import { isShadowOf, type ShadowModel } from "./shadow.ts";
import type { SourcedObject } from "./sources.ts";

export interface PortClaim {
  readonly key: string;
  /** "<namespace>/<gateway> <waypoint port>" */
  readonly at: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly servicePort: number;
  readonly isCaptured: boolean;
  /** The shadow's; later than all others where it has none. */
  readonly createdAt: string;
}

/** By `at`. */
export type PortClaims = Index<PortClaim>;

export function buildPortClaims(
  graph: CollectionGraph,
  fronts: Collection<SourcedObject<Service>>,
  shadows: Collection<ShadowModel>,
): PortClaims {
  const claims = graph.derive(
    shadows,
    (context, shadow) => {
      const front = context.get(fronts, shadow.front)?.object;
      return isShadowOf(shadow, front) && front !== undefined ? claimsOf(shadow, front) : [];
    },
    { name: "port-claims", key: (claim) => claim.key },
  );
  return graph.index("port-claims-by-place", claims, ({ at }) => [at]);
}

function claimsOf(shadow: ShadowModel, front: Service): PortClaim[] {
  const captor = capturedBy(front);
  return namedWaypoints(shadow).flatMap((waypoint) =>
    [...shadow.ports].map(([servicePort, port]) => ({
      key: `${waypoint} ${port} ${shadow.front} ${servicePort}`,
      at: `${waypoint} ${port}`,
      service: shadow.front,
      servicePort,
      isCaptured: captor === waypoint,
      createdAt: shadow.object.metadata.creationTimestamp ?? "~",
    })),
  );
}

/** Both, while it moves from one to the other. */
function namedWaypoints({ waypoint, movingTo }: ShadowModel): readonly string[] {
  return [...new Set([waypoint, movingTo].filter((each) => each !== undefined))];
}

/** The Service ports of a shadow whose port of `waypoint` belongs to another. */
export function lostPortsAt(
  context: FetchContext,
  claims: PortClaims,
  shadow: ShadowModel,
  waypoint: string,
): readonly number[] {
  return [...shadow.ports].flatMap(([servicePort, port]) => {
    const winner = winnerOf(context.lookup(claims, `${waypoint} ${port}`));
    return winner?.service === shadow.front && winner.servicePort === servicePort ? [] : [servicePort];
  });
}

function winnerOf(claims: readonly PortClaim[]): PortClaim | undefined {
  let first: PortClaim | undefined;
  for (const claim of claims) if (first === undefined || comesBefore(claim, first)) first = claim;
  return first;
}

function comesBefore(a: PortClaim, b: PortClaim): boolean {
  if (a.isCaptured !== b.isCaptured) return a.isCaptured;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt;
  if (a.service !== b.service) return a.service < b.service;
  return a.servicePort < b.servicePort;
}

/**
 * Standalone: who wants to listen where. A Service's clusterIP in 127.0.0.0/8 is the address that a waypoint listens on, and
 * two Services may name the same one; the first by name gets it, the other hears about it.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { parseIp } from "@waystone/base/ip";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { Enrolment } from "./enrolment.ts";
import type { Sources } from "./sources.ts";

export interface ListenClaim {
  readonly key: string;
  /** "<address>:<port>" */
  readonly at: string;
  /** "<namespace>/<name>" */
  readonly service: string;
}

export function buildListenClaims(
  graph: CollectionGraph,
  sources: Sources,
  enrolments: Collection<Enrolment>,
): Index<ListenClaim> {
  const claims = graph.derive(
    sources.services,
    (context: FetchContext, { key, object }): ListenClaim[] => {
      if (context.get(enrolments, key)?.waypoint === undefined) return [];
      return loopbackAddresses(object).flatMap((address) =>
        (object.spec?.ports ?? [])
          .filter((port) => (port.protocol ?? "TCP") === "TCP")
          .map(({ port }) => ({ key: `${address}:${port} ${key}`, at: `${address}:${port}`, service: key })),
      );
    },
    { name: "listen-claims", key: (claim) => claim.key },
  );
  return graph.index("listen-claims-by-address", claims, (claim) => [claim.at]);
}

/** Whoever may listen there: the first Service by name. */
export function winnerOf(claims: readonly ListenClaim[]): string | undefined {
  return claims.map((claim) => claim.service).toSorted()[0];
}

/** The Service's addresses in 127.0.0.0/8. */
export function loopbackAddresses(service: Service): readonly string[] {
  return clusterAddresses(service).filter((address) => address.startsWith("127."));
}

export function clusterAddresses(service: Service): readonly string[] {
  const given = [service.spec?.clusterIP, ...(service.spec?.clusterIPs ?? [])];
  const parsed = given.flatMap((text) => (text === undefined ? [] : (parseIp(text) ?? [])));
  return [...new Set(parsed)];
}

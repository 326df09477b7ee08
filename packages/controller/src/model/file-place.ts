/**
 * With files alone: the waypoint of a Service is the one that is asked for, and listens at the Service's clusterIP in
 * 127.0.0.0/8.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { Collection, FetchContext, Index } from "@waystone/collection/collection";
import { isTcp } from "./captured-ports.ts";
import type { Enrolment } from "./enrolment.ts";
import type { Finding } from "./finding.ts";
import { clusterAddresses, type ListenClaim, loopbackAddresses, winnerOf } from "./listen-claim.ts";
import type { ListenPlace } from "./service-port.ts";
import type { ServicePlace } from "./service-place.ts";

export interface FilePlaces {
  readonly enrolments: Collection<Enrolment>;
  readonly claims: Index<ListenClaim>;
  readonly standalone: boolean;
}

export function filePlace(
  context: FetchContext,
  { enrolments, claims, standalone }: FilePlaces,
  key: string,
  service: Service,
): ServicePlace {
  const enrolment = context.get(enrolments, key);
  const waypoint = enrolment?.waypoint;
  const findings: Finding[] = [];
  const listenOn = waypoint !== undefined && standalone ? loopbackAddresses(service) : [];
  const listen = new Map<number, ListenPlace[]>();
  for (const [position, port] of (service.spec?.ports ?? []).entries()) {
    const field = `spec.ports[${position}]`;
    if (!isTcp(port)) {
      findings.push({
        severity: "warning",
        field,
        message: `port ${port.port} is ${port.protocol}: not served`,
      });
      continue;
    }
    listen.set(port.port, placesOf({ context, claims, key, findings }, listenOn, port, field));
  }
  if (waypoint !== undefined && standalone && listenOn.length === 0) {
    findings.push(unreachableFinding(clusterAddresses(service)));
  }
  return {
    waypoint,
    waypoints: waypoint === undefined ? [] : [waypoint],
    awaitedWaypoint: undefined,
    waypointImplied: enrolment?.implied ?? false,
    isReleasing: false,
    condition: enrolment?.condition,
    refusal: enrolment?.condition?.status === "False" ? enrolment.condition.message : undefined,
    listen,
    findings: waypoint === undefined ? [] : findings,
  };
}

interface Claiming {
  readonly context: FetchContext;
  readonly claims: Index<ListenClaim>;
  readonly key: string;
  /** Gathers what people should know. */
  readonly findings: Finding[];
}

function placesOf(
  { context, claims, key, findings }: Claiming,
  listenOn: readonly string[],
  { port }: ServicePort,
  field: string,
): ListenPlace[] {
  return listenOn.flatMap((address) => {
    const at = `${address}:${port}`;
    const winner = winnerOf(context.lookup(claims, at));
    if (winner === undefined || winner === key) return [{ address, port }];
    const message = `${at} is already taken by Service ${winner}; give one of them another clusterIP`;
    findings.push({ severity: "error", field, message });
    return [];
  });
}

/** No error: the manifests may be meant for a cluster, and are only checked here. */
function unreachableFinding(addresses: readonly string[]): Finding {
  const given =
    addresses.length === 0 ? "it has no clusterIP" : `its clusterIP ${addresses.join(", ")} is not local`;
  const message = `nothing listens for it: ${given}; give it one in 127.0.0.0/8, for example 127.0.0.11`;
  return { severity: "warning", field: "spec.clusterIP", message };
}

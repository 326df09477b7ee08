/**
 * A Service resource, checked whole: a Service with one bad port is refused with every reason, because half a Service
 * would send traffic somewhere that nobody wrote down.
 */
import { Protocol, Service, type ServicePortResource } from "@waystone/api/resources";
import { parseIp } from "@waystone/base/ip";
import type { EncodedResource } from "@waystone/xds/resource";
import { decodeResource, RefusedError } from "./decode-resource.ts";
import { listenKey } from "./listen-key.ts";
import type { PortProtocol } from "./snapshot.ts";

export interface StoredService {
  /** "<namespace>/<name>", the resource's name. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** "<name>.<namespace>.svc.cluster.local" */
  readonly host: string;
  readonly version: string;
  readonly generation: number;
  /** "<namespace>/<gateway>", whose policies hold for it; empty: none. */
  readonly waypoint: string;
  /** Its clients are led elsewhere by now: served as before, and connections end after their next answer. */
  readonly isReleasing: boolean;
  readonly ports: readonly StoredPort[];
}

export interface StoredPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: PortProtocol;
  /** Clients speak TLS with the endpoints themselves. */
  readonly isTls: boolean;
  /** Endpoints are spoken to in HTTP/2. */
  readonly speaksHttp2: boolean;
  readonly listen: readonly ListenPlace[];
}

export interface ListenPlace {
  readonly address: string;
  readonly port: number;
  readonly key: string;
}

const nowhere: readonly ListenPlace[] = [];

/**
 * `ownWaypoint`: "<namespace>/<gateway>" of the waypoint that we are, "" where we are all of them. Throws a RefusedError with
 * all reasons.
 */
export function serviceFromResource(resource: EncodedResource, ownWaypoint = ""): StoredService {
  const message = decodeResource(resource, Service);
  const { namespace, name } = message;
  if (`${namespace}/${name}` !== resource.name) {
    throw new RefusedError(`named ${resource.name}, but its content says ${namespace}/${name}`);
  }
  const reasons: string[] = [];
  const ports = message.ports.map((port) => portFromResource(port, reasons));
  checkDistinct(ports, reasons);
  if (reasons.length > 0) throw new RefusedError(reasons.join("; "));
  return {
    key: resource.name,
    namespace,
    name,
    host: `${name}.${namespace}.svc.cluster.local`,
    version: resource.version,
    generation: message.generation,
    waypoint: message.waypoint,
    // While it moves, both waypoints serve it; one of them is where clients are led.
    isReleasing: message.releasing || isAtAnother(message.waypoint, ownWaypoint),
    ports,
  };
}

function isAtAnother(waypoint: string, ownWaypoint: string): boolean {
  return ownWaypoint !== "" && waypoint !== "" && waypoint !== ownWaypoint;
}

function portFromResource(message: ServicePortResource, reasons: string[]): StoredPort {
  const port = message.port ?? 0;
  const name = message.name ?? "";
  if (!isPort(port)) reasons.push(`port ${name} ${port} is not in 1 to 65535`);
  const listen = message.listen?.map((place) => {
    const address = parseIp(place.address ?? "");
    const listenPort = place.port ?? 0;
    if (address === undefined)
      reasons.push(`port ${port} listens on "${place.address}", which is no IP address`);
    if (!isPort(listenPort)) reasons.push(`port ${port} listens on port ${listenPort}, not in 1 to 65535`);
    return { address: address ?? "", port: listenPort, key: listenKey(address ?? "", listenPort) };
  });
  const known = message.protocol ?? Protocol.PROTOCOL_UNSPECIFIED;
  if (Protocol[known] === undefined)
    reasons.push(`port ${port} has protocol ${known}, which this waypoint does not know`);
  return {
    name,
    port,
    // TLS passes as TCP: bytes arrive unharmed, nothing is decided by them.
    protocol: known === Protocol.HTTP || isHttp2(known) ? "http" : "tcp",
    isTls: known === Protocol.TLS,
    speaksHttp2: isHttp2(known),
    listen: listen === undefined || listen.length === 0 ? nowhere : listen,
  };
}

/** gRPC is HTTP/2 by its definition. */
function isHttp2(protocol: NonNullable<ServicePortResource["protocol"]>): boolean {
  return protocol === Protocol.HTTP2 || protocol === Protocol.GRPC;
}

function checkDistinct(ports: readonly StoredPort[], reasons: string[]): void {
  const numbers = new Set<number>();
  const names = new Set<string>();
  const places = new Set<string>();
  for (const port of ports) {
    if (numbers.has(port.port)) reasons.push(`port ${port.port} occurs twice`);
    if (names.has(port.name)) reasons.push(`port name "${port.name}" occurs twice`);
    numbers.add(port.port);
    names.add(port.name);
    for (const place of port.listen) {
      if (places.has(place.key)) reasons.push(`listens on ${place.key} twice`);
      places.add(place.key);
    }
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

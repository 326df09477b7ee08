/**
 * Which ports of a Service pass the waypoint, and so how the front is pointed at it. A waypoint serves TCP alone, and its
 * owner may keep ports direct (`waystone.dev/direct-ports`). A selector moves all ports at once: where some stay with the
 * pods, or where the waypoint is in another namespace, the front is pointed by EndpointSlices, port by port. So it is where
 * the Service publishes pods that are not ready: Kubernetes would lead clients to waypoint pods that serve nothing yet.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";

export interface CapturedPorts {
  readonly way: "by-selector" | "by-slices";
  /** TCP ports that pass the waypoint, in the Service's order. */
  readonly ports: readonly number[];
  /** TCP ports that their owner keeps direct. */
  readonly direct: readonly number[];
  /** Words of the annotation that name no port of the Service. */
  readonly unknown: readonly string[];
}

/** `waypoint`: "<namespace>/<gateway>". */
export function pickCapturedPorts(service: Service, waypoint: string): CapturedPorts {
  const given = service.spec?.ports ?? [];
  const words = directWords(service);
  const tcp = given.filter(isTcp);
  const direct = tcp.filter((port) => words.some((word) => namesPort(word, port)));
  const captured = tcp.filter((port) => !direct.includes(port));
  const isNear = waypoint.startsWith(`${service.metadata.namespace ?? ""}/`);
  const isWhole = captured.length === given.length;
  const publishesUnready = service.spec?.publishNotReadyAddresses === true;
  return {
    way: isNear && isWhole && !publishesUnready ? "by-selector" : "by-slices",
    ports: captured.map(({ port }) => port),
    direct: direct.map(({ port }) => port),
    unknown: words.filter((word) => !given.some((port) => namesPort(word, port))),
  };
}

function directWords({ metadata }: Service): readonly string[] {
  const words = (metadata.annotations?.[captureKeys.directPorts] ?? "").split(",").map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ""))];
}

function namesPort(word: string, { name, port }: ServicePort): boolean {
  return word === String(port) || (name !== undefined && word === name);
}

export function isTcp({ protocol }: Pick<ServicePort, "protocol">): boolean {
  return protocol === undefined || protocol === "TCP";
}

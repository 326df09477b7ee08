/**
 * What `kubectl apply` sent last, from the annotation that it keeps on the object: the owner's own words, where the object
 * shows only what has become of them. Anybody can write the annotation, so whatever is not of the right form is not there.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys, reservedPort } from "@waystone/api/names";
import { isWaypointPort } from "../../model/waypoint-port.ts";
import { portKey, type Selector, type TargetPort } from "../../model/front-marks.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

export interface LastApplied {
  /** undefined: nothing is known; {} is a manifest without a selector. */
  readonly selector: Selector | undefined;
  /** By `portKey`: those that the manifest gives. */
  readonly targetPorts: ReadonlyMap<string, TargetPort>;
  /** Those that it gives because it was read from a captured Service: the waypoint's of then, nobody's wish. */
  readonly copiedPorts: ReadonlyMap<string, TargetPort>;
}

const nothing: LastApplied = { selector: undefined, targetPorts: new Map(), copiedPorts: new Map() };

export function readLastApplied(service: Service): LastApplied {
  const text = service.metadata.annotations?.[annotation];
  if (text === undefined) return nothing;
  try {
    const manifest: unknown = JSON.parse(text);
    const spec = isRecord(manifest) ? manifest["spec"] : undefined;
    return isRecord(spec) ? readSpec(spec) : nothing;
  } catch {
    return nothing;
  }
}

function readSpec(spec: Readonly<Record<string, unknown>>): LastApplied {
  const selector = readSelector(spec);
  const targetPorts = readTargetPorts(spec);
  if (selector?.[captureKeys.waypoint] === undefined) {
    return { selector, targetPorts, copiedPorts: new Map() };
  }
  const entries = [...targetPorts];
  const isCopied = (port: TargetPort): boolean => port === reservedPort || isWaypointPort(port);
  return {
    selector: undefined,
    targetPorts: new Map(entries.filter(([, port]) => !isCopied(port))),
    copiedPorts: new Map(entries.filter(([, port]) => isCopied(port))),
  };
}

function readSelector(spec: Readonly<Record<string, unknown>>): Selector | undefined {
  const selector = spec["selector"] ?? {};
  if (!isRecord(selector)) return undefined;
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(selector)) {
    if (typeof value !== "string") return undefined;
    labels[key] = value;
  }
  return labels;
}

function readTargetPorts(spec: Readonly<Record<string, unknown>>): ReadonlyMap<string, TargetPort> {
  const found = new Map<string, TargetPort>();
  const ports: unknown = spec["ports"];
  for (const each of Array.isArray(ports) ? (ports as readonly unknown[]) : []) {
    if (!isRecord(each)) continue;
    const { port, protocol, targetPort } = each;
    if (typeof port !== "number") continue;
    if (typeof targetPort !== "number" && typeof targetPort !== "string") continue;
    found.set(portKey({ port, protocol: isProtocol(protocol) ? protocol : "TCP" }), targetPort);
  }
  return found;
}

function isProtocol(value: unknown): value is "TCP" | "UDP" | "SCTP" {
  return value === "TCP" || value === "UDP" || value === "SCTP";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

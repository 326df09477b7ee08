/**
 * The shadow of a front: a headless Service with the owner's selector and ports and nothing else of the front's, so that
 * Kubernetes goes on computing the endpoints, and external-dns, load balancers and Argo CD see nothing new.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { captureKeys, managedBy } from "@waystone/api/names";
import { shadowName } from "../model/shadow-name.ts";
import { portKey, type Selector } from "../model/front-marks.ts";
import { selectorPatch } from "./front-patch.ts";
import { wantedShadow } from "./wishes/wanted-shadow.ts";

/** Of a shadow's spec, what follows the front. */
export interface ShadowSpec {
  readonly selector: Selector;
  readonly ports: readonly ServicePort[];
  readonly publishNotReadyAddresses: boolean;
  /** The front's: a headless Service would be of one family alone. */
  readonly ipFamilies: readonly string[] | undefined;
  readonly ipFamilyPolicy: string | undefined;
}

/** What stands on a shadow beside its spec. */
export interface ShadowMarks {
  readonly waypoint: string | undefined;
  readonly movingTo: string | undefined;
  /** Service port to waypoint port. */
  readonly ports: ReadonlyMap<number, number>;
}

export function shadowSpecOf(front: Service, shadow: Service | undefined): ShadowSpec {
  const { selector, ports } = wantedShadow(front, shadow);
  const { publishNotReadyAddresses = false, ipFamilies, ipFamilyPolicy } = front.spec ?? {};
  return { selector, ports, publishNotReadyAddresses, ipFamilies, ipFamilyPolicy };
}

export function shadowNameOf(front: Service): string {
  return shadowName(front.metadata.namespace ?? "", front.metadata.name);
}

/** Without any mark: it has none before it is there. */
export function newShadow(front: Service, spec: ShadowSpec): Service {
  const { namespace = "", name, uid = "" } = front.metadata;
  const { ipFamilies, ipFamilyPolicy } = spec;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: shadowNameOf(front),
      namespace,
      labels: { "app.kubernetes.io/managed-by": managedBy, [captureKeys.shadowOf]: name },
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid }],
    },
    spec: {
      clusterIP: "None",
      selector: spec.selector,
      ports: spec.ports,
      ...(spec.publishNotReadyAddresses ? { publishNotReadyAddresses: true } : {}),
      ...(ipFamilies === undefined ? {} : { ipFamilies }),
      ...(ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy }),
    },
  };
}

export function hasShadowSpec({ spec = {} }: Service, wanted: ShadowSpec): boolean {
  return shadowSpecPatch(spec, wanted) === undefined;
}

/** A JSON merge patch of a shadow as it was seen, good for that version alone; undefined: it is so already. */
export function shadowPatch(
  { metadata, spec = {} }: Service,
  wanted: ShadowSpec,
  marks: ShadowMarks,
): object | undefined {
  const spoken = shadowSpecPatch(spec, wanted);
  const marked = markPatch(metadata.annotations ?? {}, marks);
  if (spoken === undefined && marked === undefined) return undefined;
  return {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      ...(marked === undefined ? {} : { annotations: marked }),
    },
    ...(spoken === undefined ? {} : { spec: spoken }),
  };
}

function shadowSpecPatch(now: NonNullable<Service["spec"]>, wanted: ShadowSpec): object | undefined {
  const patch: Record<string, unknown> = {};
  const selector = selectorPatch(now.selector ?? {}, wanted.selector);
  if (selector !== undefined) patch["selector"] = selector;
  if (portsText(now.ports ?? []) !== portsText(wanted.ports)) patch["ports"] = wanted.ports;
  if ((now.publishNotReadyAddresses ?? false) !== wanted.publishNotReadyAddresses) {
    patch["publishNotReadyAddresses"] = wanted.publishNotReadyAddresses;
  }
  const families = wanted.ipFamilies;
  if (families !== undefined && families.join() !== (now.ipFamilies ?? []).join()) {
    patch["ipFamilies"] = families;
    patch["ipFamilyPolicy"] = wanted.ipFamilyPolicy ?? null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The order counts for nothing. */
function portsText(ports: readonly ServicePort[]): string {
  const each = ports.map((port) => [
    portKey(port),
    port.name ?? "",
    port.targetPort ?? port.port,
    port.appProtocol ?? "",
  ]);
  return JSON.stringify(each.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
}

function markPatch(
  now: Readonly<Record<string, string>>,
  { waypoint, movingTo, ports }: ShadowMarks,
): Readonly<Record<string, string | null>> | undefined {
  const byPort = [...ports].toSorted(([a], [b]) => a - b);
  const wanted: Readonly<Record<string, string | null>> = {
    [captureKeys.waypoint]: waypoint ?? null,
    [captureKeys.movingTo]: movingTo ?? null,
    [captureKeys.waypointPorts]: byPort.length === 0 ? null : JSON.stringify(Object.fromEntries(byPort)),
  };
  const changed = Object.entries(wanted).filter(([key, value]) => (now[key] ?? null) !== value);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

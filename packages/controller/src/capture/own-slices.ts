/**
 * Our own EndpointSlices of a front that is captured by slices, port by port: the waypoint's pods where the port passes the
 * waypoint, copies of the shadow's endpoints where it stays direct. Both families, as the front has them. Names are fixed by
 * what a slice is for, so that writing one again, or another waypoint's pods into it, is the same slice.
 */
import { hash } from "node:crypto";
import type { EndpointSlice, Service, ServicePort, SliceEndpoint } from "@waystone/api/kubernetes/core";
import { sliceOwner } from "@waystone/api/names";
import { parseIp } from "@waystone/base/ip";
import { managedByLabel, serviceNameLabel } from "../model/slice.ts";
import type { CaptureView, WaypointPodView } from "./capture-view.ts";

/** As many as Kubernetes' own controller puts into one, unless told otherwise. */
const endpointLimit = 100;

type Family = "IPv4" | "IPv6";

export interface SliceWish {
  /** "<namespace>/<gateway>" */
  readonly waypoint: string;
  /** Service port to waypoint port. */
  readonly ports: ReadonlyMap<number, number>;
  /** The ports that stay with the owner's pods, of any protocol. */
  readonly direct: readonly ServicePort[];
}

export function buildOwnSlices(view: CaptureView, wish: SliceWish): readonly EndpointSlice[] {
  const { front } = view;
  return [...waypointSlices(view, wish), ...directSlices(view.shadowSlices, wish.direct)].map(
    ({ id, ...slice }) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: sliceMetadata(front, id),
      ...slice,
    }),
  );
}

type Content = Pick<EndpointSlice, "addressType" | "ports" | "endpoints"> & { readonly id: string };

function waypointSlices({ front, waypointPods }: CaptureView, { waypoint, ports }: SliceWish): Content[] {
  const captured = (front.spec?.ports ?? []).flatMap((port) => {
    const waypointPort = ports.get(port.port);
    return (port.protocol ?? "TCP") !== "TCP" || waypointPort === undefined
      ? []
      : [{ name: port.name ?? "", port: waypointPort, protocol: "TCP" }];
  });
  if (captured.length === 0) return [];
  const pods = waypointPods
    .filter((pod) => pod.waypoint === waypoint)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return familiesOf(front).flatMap((family) =>
    chunks(pods.flatMap((pod) => waypointEndpoint(pod, family))).map((endpoints, at) => ({
      id: `waypoint ${family} ${at}`,
      addressType: family,
      ports: captured,
      endpoints,
    })),
  );
}

/** Conditions as Kubernetes' own controller gives them to a pod. */
function waypointEndpoint(pod: WaypointPodView, family: Family): SliceEndpoint[] {
  const address = pod.addresses
    .flatMap((text) => parseIp(text) ?? [])
    .find((each) => familyOf(each) === family);
  if (address === undefined) return [];
  const [namespace = ""] = pod.waypoint.split("/");
  const { isReady, isTerminating } = pod;
  return [
    {
      addresses: [address],
      conditions: { ready: isReady && !isTerminating, serving: isReady, terminating: isTerminating },
      ...(pod.node === "" ? {} : { nodeName: pod.node }),
      targetRef: { kind: "Pod", namespace, name: pod.name },
    },
  ];
}

/** One for one, with the ports that stay: pods that call a port by different numbers are in different slices already. */
function directSlices(shadowSlices: readonly EndpointSlice[], direct: readonly ServicePort[]): Content[] {
  const stays = new Set(direct.map(({ name, protocol }) => `${name ?? ""} ${protocol ?? "TCP"}`));
  return shadowSlices.flatMap(({ metadata, addressType, ports, endpoints }) => {
    const kept = (ports ?? []).filter(({ name, protocol }) =>
      stays.has(`${name ?? ""} ${protocol ?? "TCP"}`),
    );
    if (kept.length === 0) return [];
    return chunks(endpoints ?? []).map((part, at) => ({
      id: `direct ${metadata.name} ${at}`,
      addressType,
      ports: kept,
      endpoints: part,
    }));
  });
}

/** Whether our slices lead clients of this port to the owner's pods now. */
export function isLedDirect({ ownSlices, shadowSlices, front }: CaptureView, port: ServicePort): boolean {
  const live = new Map(ownSlices.map(({ metadata, ports }) => [metadata.name, ports ?? []]));
  return directSlices(shadowSlices, [port]).some(({ id }) =>
    live
      .get(sliceMetadata(front, id).name)
      ?.some(
        (each) => each.name === (port.name ?? "") && (each.protocol ?? "TCP") === (port.protocol ?? "TCP"),
      ),
  );
}

/** At least one, though it be empty. */
function chunks<T>(items: readonly T[]): (readonly T[])[] {
  const count = Math.max(1, Math.ceil(items.length / endpointLimit));
  return Array.from({ length: count }, (_, at) => items.slice(at * endpointLimit, (at + 1) * endpointLimit));
}

function familiesOf({ spec }: Service): readonly Family[] {
  const given = (spec?.ipFamilies ?? []).filter((family) => family === "IPv4" || family === "IPv6");
  if (given.length > 0) return given;
  const addresses = [spec?.clusterIP, ...(spec?.clusterIPs ?? [])].flatMap(
    (text) => parseIp(text ?? "") ?? [],
  );
  return addresses.length === 0 ? ["IPv4"] : [...new Set(addresses.map(familyOf))];
}

function familyOf(address: string): Family {
  return address.includes(":") ? "IPv6" : "IPv4";
}

function sliceMetadata(front: Service, id: string): EndpointSlice["metadata"] {
  const { namespace = "", name, uid = "" } = front.metadata;
  const digest = hash("sha256", `${namespace}/${name} ${id}`, "hex").slice(0, 10);
  return {
    name: `${name.slice(0, 40)}-waystone-${digest}`,
    namespace,
    labels: { [serviceNameLabel]: name, [managedByLabel]: sliceOwner },
    ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid }],
  };
}

export interface SliceChanges {
  readonly writes: readonly EndpointSlice[];
  readonly deletes: readonly EndpointSlice[];
}

export function compareSlices(now: readonly EndpointSlice[], wanted: readonly EndpointSlice[]): SliceChanges {
  const live = new Map(now.map((slice) => [slice.metadata.name, slice]));
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  return {
    writes: wanted.filter((slice) => sliceText(live.get(slice.metadata.name)) !== sliceText(slice)),
    deletes: now.filter(({ metadata }) => !names.has(metadata.name)),
  };
}

/** What of a slice leads clients anywhere, and to whom it belongs. */
function sliceText(slice: EndpointSlice | undefined): string | undefined {
  if (slice === undefined) return undefined;
  const ports = (slice.ports ?? []).map(({ name, port, protocol }) => [name ?? "", port, protocol ?? "TCP"]);
  const endpoints = (slice.endpoints ?? []).map(({ addresses, conditions, nodeName, zone }) => [
    addresses[0] ?? "",
    conditions?.ready ?? true,
    conditions?.serving ?? true,
    conditions?.terminating ?? false,
    nodeName ?? "",
    zone ?? "",
  ]);
  const owners = (slice.metadata.ownerReferences ?? []).map(({ uid }) => uid);
  return JSON.stringify([slice.addressType, owners, ports.toSorted(byText), endpoints.toSorted(byText)]);
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Who is behind a Service by its EndpointSlices: compared, before something is taken away that clients may still need. */
import type { EndpointSlice } from "@waystone/api/kubernetes/core";
import { parseIp } from "@waystone/base/ip";
import type { CaptureView, WaypointPodView } from "./capture-view.ts";

/** Those that take new connections. */
export function readyAddresses(slices: readonly EndpointSlice[]): ReadonlySet<string> {
  return addresses(slices, ({ conditions }) => conditions?.ready ?? true);
}

export function allAddresses(slices: readonly EndpointSlice[]): ReadonlySet<string> {
  return addresses(slices, () => true);
}

/**
 * The front's own slices have every ready endpoint of the shadow, and no waypoint any more. Kubernetes leaves the slices of
 * a Service without a selector, or of an ExternalName, as they are: nothing would come of waiting for them.
 */
export function isFrontGivenBack({ front: { spec }, ...view }: CaptureView): boolean {
  if (spec?.type === "ExternalName" || Object.keys(spec?.selector ?? {}).length === 0) return true;
  const { frontSlices, shadowSlices } = view;
  const front = readyAddresses(frontSlices);
  return (
    [...readyAddresses(shadowSlices)].every((address) => front.has(address)) && isFrontWithoutWaypoint(view)
  );
}

/** Of the front's own slices none has a pod of a waypoint any more. */
export function isFrontWithoutWaypoint({
  frontSlices,
  waypointPods,
}: Pick<CaptureView, "frontSlices" | "waypointPods">): boolean {
  const all = allAddresses(frontSlices);
  return waypointPods.every((pod) => addressesOf(pod).every((address) => !all.has(address)));
}

/** The front's own slices have every Ready pod of the waypoint, and no pod of another. */
export function isFrontAt({ frontSlices, waypointPods }: CaptureView, waypoint: string): boolean {
  const front = readyAddresses(frontSlices);
  const rest = allAddresses(frontSlices);
  return waypointPods.every((pod) => {
    if (pod.waypoint !== waypoint) return addressesOf(pod).every((address) => !rest.has(address));
    // A Service of one family has the pod's address of that family alone.
    return !pod.isReady || pod.isTerminating || addressesOf(pod).some((address) => front.has(address));
  });
}

/** The shadow's slices are as good as those that the front has by itself. */
export function isShadowComplete({ frontSlices, shadowSlices }: CaptureView): boolean {
  const shadow = readyAddresses(shadowSlices);
  return shadowSlices.length > 0 && [...readyAddresses(frontSlices)].every((address) => shadow.has(address));
}

function addresses(
  slices: readonly EndpointSlice[],
  counts: (endpoint: NonNullable<EndpointSlice["endpoints"]>[number]) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { endpoints } of slices) {
    for (const endpoint of endpoints ?? []) {
      const address = parseIp(endpoint.addresses[0] ?? "");
      if (address !== undefined && counts(endpoint)) found.add(address);
    }
  }
  return found;
}

function addressesOf({ addresses: given }: WaypointPodView): readonly string[] {
  return given.flatMap((text) => parseIp(text) ?? []);
}

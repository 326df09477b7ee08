/** How many endpoints a Service has, and how many of them take new requests. */
import type { SliceModel } from "../model/slice.ts";

export interface EndpointCount {
  readonly ready: number;
  readonly total: number;
}

/**
 * Of one port where a name is given. An address may be in two slices for a moment, and in files several pods may share one
 * address with different ports: an endpoint is an address with its ports.
 */
export function countEndpoints(slices: readonly SliceModel[], portName?: string): EndpointCount {
  const readiness = new Map<string, boolean>();
  for (const { ports, endpoints } of slices) {
    const counted = portName === undefined ? ports : ports.filter(({ name }) => name === portName);
    if (counted.length === 0) continue;
    const numbers = counted.map(({ port }) => port).join(",");
    for (const { address, ready } of endpoints) {
      const key = `${address}:${numbers}`;
      readiness.set(key, ready || (readiness.get(key) ?? false));
    }
  }
  const ready = [...readiness.values()].filter(Boolean).length;
  return { ready, total: readiness.size };
}

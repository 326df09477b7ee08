/**
 * CPU and memory of a waypoint. Defaults are per resource, and only where the parameters say nothing about it at all: half
 * a default beside half a wish could ask for more than the limit, which the API server refuses.
 */
import type { WaypointParametersSpec } from "@waystone/api/kubernetes/waystone";
import { defaultResources } from "./deploy-settings.ts";

type Given = NonNullable<WaypointParametersSpec["resources"]>;
type Amounts = Readonly<Record<string, string>>;

export function containerResources(given: Given = {}): {
  readonly requests: Amounts;
  readonly limits: Amounts;
} {
  const { requests = {}, limits = {} } = given;
  const isSaid = (name: "cpu" | "memory"): boolean =>
    requests[name] !== undefined || limits[name] !== undefined;
  const { cpu, memory } = defaultResources;
  return {
    requests: {
      ...(isSaid("cpu") ? {} : { cpu: cpu.request }),
      ...(isSaid("memory") ? {} : { memory: memory.request }),
      ...asText(requests),
    },
    limits: { ...(isSaid("memory") ? {} : { memory: memory.limit }), ...asText(limits) },
  };
}

/** `cpu: 2` is a number where it was written, and text where the API server keeps it. */
function asText(amounts: NonNullable<Given["requests"]>): Amounts {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]));
}

/** Whether clients of a Service port come to a waypoint at all, which, and why; in a cluster also what it runs by now. */
import type { Chain } from "@waystone/engine/explain/chain";
import { useWaypointKey } from "@waystone/api/names";
import type { FoundPort } from "./find-port.ts";
import type { World } from "./world.ts";

/** False: the request goes straight to the Service's endpoints, and nobody judges it. */
export function explainCapture(
  chain: Chain,
  world: World,
  { service, port }: FoundPort,
  isServed: boolean,
): boolean {
  const object = `Service/${service.key}`;
  const key = `${service.key}:${port.port}`;
  if (isServed && service.waypoint !== undefined) {
    const by = wishOf(world, service.namespace, service.key);
    chain.add("capture", `Service ${service.key} is captured by waypoint ${service.waypoint}${by.text}`, by);
    const running = world.isLive ? runningOf(world, service.key) : "";
    if (running !== "") chain.addDetail("capture", running, { object });
    return true;
  }
  const why =
    service.waypoint === undefined
      ? (service.refusal ?? `no annotation ${useWaypointKey} asks for a waypoint`)
      : `port ${port.port} is left direct`;
  const place = { object, field: `metadata.annotations["${useWaypointKey}"]`, decides: true };
  chain.add("capture", `${key} is not captured: ${why}`, place);
  chain.add("backend", `${key}: clients reach its endpoints directly; no route and no policy is asked`);
  chain.end({ result: "forwarded", kind: "direct", status: null, backend: key });
  return false;
}

interface Wish {
  readonly object: string;
  readonly field: string;
  readonly text: string;
}

/** Who asked for the waypoint: the Service itself, or else its Namespace. */
function wishOf({ sources }: World, namespace: string, key: string): Wish {
  const candidates = [
    { object: `Service/${key}`, name: "the Service", meta: sources.services.get(key)?.object.metadata },
    {
      object: `Namespace/${namespace}`,
      name: `Namespace ${namespace}`,
      meta: sources.namespaces.get(namespace)?.object.metadata,
    },
  ];
  for (const { object, name, meta } of candidates) {
    for (const part of ["annotations", "labels"] as const) {
      if ((meta?.[part]?.[useWaypointKey] ?? "") === "") continue;
      const field = `metadata.${part}["${useWaypointKey}"]`;
      return { object, field, text: ` (${part.slice(0, -1)} of ${name})` };
    }
  }
  return { object: `Service/${key}`, field: "", text: "" };
}

/** "2/2 waypoints at generation 7", as the controller wrote it down. */
function runningOf({ sources }: World, key: string): string {
  const status = sources.services.get(key)?.object.status;
  return status?.conditions?.find(({ type }) => type === "waystone.dev/Programmed")?.message ?? "";
}

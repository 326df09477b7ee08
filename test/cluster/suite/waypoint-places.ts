/** The waypoints of a namespace, each at its own address: to ask every one of them what it serves for a Service. */
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { captureKeys } from "@waystone/api/names";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

export interface WaypointPlace {
  readonly host: string;
  readonly port: number;
  /** One connection, kept. */
  readonly agent: Agent;
}

/** Once so many are there, and Ready. */
export async function untilWaypointPlaces(
  cluster: RunningCluster,
  { count, ...where }: { readonly namespace: string; readonly service: string; readonly count: number },
): Promise<readonly WaypointPlace[]> {
  let places: readonly WaypointPlace[] = [];
  await until(async () => (places = await waypointPlaces(cluster, where)).length === count, {
    deadlineMs: 60_000,
    describe: () => `${places.length} waypoints are there, not ${count}`,
  });
  const ready = ["--for=condition=Ready", "--timeout=180s"];
  await cluster.kubectl(["-n", where.namespace, "wait", "pod", "-l", captureKeys.waypoint, ...ready]);
  return places;
}

/** Where each pod of the namespace's waypoints serves port 80 of the Service. */
export async function waypointPlaces(
  cluster: RunningCluster,
  { namespace, service }: { readonly namespace: string; readonly service: string },
): Promise<readonly WaypointPlace[]> {
  const get = async (...args: readonly string[]): Promise<string> =>
    await cluster.kubectl(["-n", namespace, "get", ...args]);
  const shadows = await get("services", "-l", `${captureKeys.shadowOf}=${service}`, "-o", "json");
  const { items } = JSON.parse(shadows) as {
    items: readonly { metadata: { annotations: Record<string, string> } }[];
  };
  const ports = JSON.parse(items[0]?.metadata.annotations[captureKeys.waypointPorts] ?? "{}") as Record<
    string,
    number
  >;
  const pods = await get("pods", "-l", captureKeys.waypoint, "-o", "jsonpath={.items[*].status.podIP}");
  return pods
    .split(" ")
    .map((host) => ({ host, port: ports["80"] ?? 0, agent: new Agent({ keepAlive: true, maxSockets: 1 }) }));
}

export interface PlaceAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export async function askPlace(place: WaypointPlace, path = "/"): Promise<PlaceAnswer> {
  return await new Promise((resolve, reject) => {
    const asked = request({ ...place, path }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

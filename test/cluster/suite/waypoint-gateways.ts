/** Gateways of our class and their parameters, as their owners write them; and Services that ask for them. */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";
import { boundCondition, getService } from "./service-state.ts";
import type { LoadAnswer } from "./steady-load.ts";

export async function applyObjects(cluster: RunningCluster, ...items: readonly object[]): Promise<void> {
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

/** Open to every namespace. */
export function waypointGateway(namespace: string, name: string, parameters: string): object {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
    spec: {
      gatewayClassName: "waystone-waypoint",
      listeners: [
        { name: "mesh", port: 15008, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
      ],
      infrastructure: {
        parametersRef: { group: "waystone.dev", kind: "WaypointParameters", name: parameters },
      },
    },
  };
}

export function waypointParameters(namespace: string, name: string, spec: object): object {
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "WaypointParameters",
    metadata: { name, namespace },
    spec,
  };
}

/** Each as `kubectl annotate` takes it, without its prefix: "use-waypoint=own", "use-waypoint-". */
export async function annotateService(
  cluster: RunningCluster,
  key: string,
  ...annotations: readonly string[]
): Promise<void> {
  const [namespace = "", name = ""] = key.split("/");
  const asked = annotations.map((each) => `waystone.dev/${each}`);
  await cluster.kubectl(["-n", namespace, "annotate", "service", name, "--overwrite", ...asked]);
}

/** Only a waypoint gives a request an id: the client does not, and the backend shows what it got. */
export function passedWaypoint({ headers }: LoadAnswer): string | undefined {
  return headers["X-Request-Id"] === undefined ? "it did not pass a waypoint" : undefined;
}

/** Led there by what clients see of it; with `isAlone` also left by the waypoint before. */
export async function untilWith(
  cluster: RunningCluster,
  key: string,
  waypoint: string,
  { isAlone = false }: { readonly isAlone?: boolean } = {},
): Promise<void> {
  const [namespace = "", name = ""] = key.split("/");
  let last = "";
  await until(
    async () => {
      const front = await getService(cluster, key);
      const shadowOf = ["-l", `${captureKeys.shadowOf}=${name}`];
      const json = await cluster.kubectl(["-n", namespace, "get", "services", ...shadowOf, "-o", "json"]);
      const [shadow] = (JSON.parse(json) as { items: readonly Service[] }).items;
      const { annotations = {} } = shadow?.metadata ?? {};
      const bound = boundCondition(front);
      last = `${JSON.stringify(annotations)} ${JSON.stringify(bound)}`;
      const isThere = annotations[captureKeys.waypoint] === waypoint && !annotations[captureKeys.movingTo];
      const isLed = front.metadata.annotations?.[captureKeys.capturedBy] === waypoint;
      return isLed && bound?.status === "True" && (!isAlone || isThere);
    },
    { deadlineMs: 120_000, everyMs: 300, describe: () => `${key} is not with ${waypoint}: ${last}` },
  );
}

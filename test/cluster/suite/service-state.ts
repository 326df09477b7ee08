/** What the API server says of Services, for tests of capture. */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { captureKeys } from "@waystone/api/names";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

export async function getService(cluster: RunningCluster, key: string): Promise<Service> {
  const [namespace = "", name = ""] = key.split("/");
  return JSON.parse(
    await cluster.kubectl(["-n", namespace, "get", "service", name, "-o", "json"]),
  ) as Service;
}

export function boundCondition({ status }: Service): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "waystone.dev/WaypointBound");
}

/** By the marker and the condition, both. */
export async function untilCaptured(
  cluster: RunningCluster,
  key: string,
  deadlineMs = 60_000,
): Promise<Service> {
  let last: Service | undefined;
  return await until(
    async () => {
      last = await getService(cluster, key);
      const isMarked = last.metadata.annotations?.[captureKeys.capturedBy] !== undefined;
      return isMarked && boundCondition(last)?.status === "True" && last;
    },
    { deadlineMs, describe: () => `${key} is not captured: ${describe(last)}` },
  );
}

export async function untilReleased(
  cluster: RunningCluster,
  key: string,
  deadlineMs = 60_000,
): Promise<Service> {
  let last: Service | undefined;
  return await until(
    async () => {
      last = await getService(cluster, key);
      const isMarked = last.metadata.annotations?.[captureKeys.capturedBy] !== undefined;
      return !isMarked && boundCondition(last) === undefined && last;
    },
    { deadlineMs, describe: () => `${key} is not given back: ${describe(last)}` },
  );
}

function describe(service: Service | undefined): string {
  if (service === undefined) return "it is not there";
  const { annotations } = service.metadata;
  return JSON.stringify({
    annotations,
    selector: service.spec?.selector,
    conditions: service.status?.conditions,
  });
}

/** What must be the same again after it was given back: everything but what the API server counts and notes. */
export function comparable(service: Service): unknown {
  const counted: ReadonlySet<string> = new Set(["resourceVersion", "managedFields"]);
  const kept = Object.entries(service.metadata).filter(([field]) => !counted.has(field));
  return { ...service, metadata: Object.fromEntries(kept) };
}

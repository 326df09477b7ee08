/**
 * A pod that is a waypoint's to the controller, by its account and its token, and takes all but one policy: what a waypoint of another
 * version may do. It has not the label of those that get traffic, which nobody but the controller can give.
 */
import type { RunningCluster } from "../running-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";

export const pickyReason = "this waypoint knows no such policy";

interface Template {
  readonly spec: { readonly containers: readonly [object] };
}

/** Beside those of Deployment `waypoint`; its name is `picky`. `refused` is a part of the names of what it refuses. */
export async function startPickyWaypoint(
  cluster: RunningCluster,
  namespace: string,
  refused: string,
): Promise<void> {
  const get = ["-n", namespace, "get", "deployment", "waypoint", "-o", "jsonpath={.spec.template}"];
  const { spec } = JSON.parse(await cluster.kubectl(get)) as Template;
  const command = ["node", "--input-type=module", "-e", program(refused)];
  const [container] = spec.containers;
  await applyObjects(cluster, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "picky", namespace },
    spec: {
      ...spec,
      terminationGracePeriodSeconds: 1,
      containers: [{ ...container, command, args: [], livenessProbe: undefined, lifecycle: undefined }],
    },
  });
}

/** The waypoint's own end of the push channel, from the image. */
function program(refused: string): string {
  return `
    const from = (path) => import("/app/packages/" + path + ".js");
    const { systemClock } = await from("base/src/clock");
    const { systemRng } = await from("base/src/rng");
    const { createLogger } = await from("base/src/logger");
    const { wildcardTypeUrls } = await from("api/src/names");
    const { createDeltaClient } = await from("xds/src/client/delta-client");
    const { connectDelta } = await from("xds/src/grpc/connect-delta");
    const { WAYSTONE_GATEWAY, POD_NAME, WAYSTONE_CONTROLLER, WAYSTONE_CA_FILE, WAYSTONE_TOKEN_FILE } = process.env;
    const logger = createLogger({ level: "debug", stream: process.stdout });
    const client = createDeltaClient({
      nodeId: WAYSTONE_GATEWAY + "/" + POD_NAME,
      wildcardTypes: wildcardTypeUrls,
      clock: systemClock,
      logger,
      apply: async ({ upserts }) =>
        upserts
          .filter(({ name }) => name.includes(${JSON.stringify(refused)}))
          .map(({ name }) => ({ name, reason: ${JSON.stringify(pickyReason)} })),
      onComplete: () => console.log("complete"),
    });
    connectDelta({
      client,
      address: WAYSTONE_CONTROLLER,
      clock: systemClock,
      rng: systemRng,
      logger,
      tls: { caFile: WAYSTONE_CA_FILE },
      tokenFile: WAYSTONE_TOKEN_FILE,
    });
    setInterval(() => {}, 1e9);
    process.on("SIGTERM", () => process.exit());`;
}

/** Our own client of the API server, with the rights of the suite's kubeconfig; whoever opens it closes it. */
import { systemClock } from "@waystone/base/clock";
import { findCluster } from "@waystone/kube/find-cluster";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import type { RunningCluster } from "../running-cluster.ts";

export async function suiteTransport(cluster: RunningCluster): Promise<Transport> {
  const environment = { ...process.env, ...cluster.environment };
  return openTransport(await findCluster({ environment, clock: systemClock }), { clock: systemClock });
}

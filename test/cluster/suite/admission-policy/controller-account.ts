/** A transport that is the controller: the admin's kubeconfig, impersonating its account. */
import { systemClock } from "@waystone/base/clock";
import { readKubeconfig } from "@waystone/kube/kubeconfig/kubeconfig";
import { kubeconfigTransport } from "@waystone/kube/kubeconfig/kubeconfig-transport";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import type { RunningCluster } from "../../running-cluster.ts";

export function openAccount(cluster: RunningCluster, user: string): Transport {
  const environment = cluster.environment;
  const kubeconfig = readKubeconfig({ environment });
  if (kubeconfig === undefined) throw new Error("the cluster has no kubeconfig");
  const config = kubeconfigTransport(kubeconfig, { environment, clock: systemClock, isInteractive: false });
  const { credentials } = config;
  return openTransport(
    {
      ...config,
      credentials: {
        read: async () => ({ ...(await credentials.read()), headers: { "impersonate-user": user } }),
        discard: () => credentials.discard(),
      },
    },
    { clock: systemClock },
  );
}

/**
 * Which API server to talk to, by everything that may say so: flags, KUBECONFIG, the pod we run in, ~/.kube/config. Whoever
 * runs in a cluster and reads no kubeconfig pays for none: it is loaded when needed.
 */
import type { Clock } from "@waystone/base/clock";
import { inClusterConfig } from "./transport/in-cluster-config.ts";
import type { Environment } from "./transport/pick-proxy.ts";
import type { TransportConfig } from "./transport/transport-config.ts";

export interface FindClusterOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Flags of kubectl. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  /** Whether a person is there to answer a login plugin's questions. */
  readonly isInteractive?: boolean;
}

/** Throws an Error whose message is for the person: what was looked for, and what to do. */
export async function findCluster(options: FindClusterOptions): Promise<TransportConfig> {
  const { environment, clock, kubeconfig: file, context, namespace } = options;
  const isNamed = file !== undefined || context !== undefined || (environment["KUBECONFIG"] ?? "") !== "";
  const inCluster = isNamed ? undefined : inClusterConfig({ environment, clock });
  if (inCluster !== undefined) return namespace === undefined ? inCluster : { ...inCluster, namespace };
  const { readKubeconfig } = await import("./kubeconfig/kubeconfig.ts");
  const kubeconfig = readKubeconfig({ file, environment });
  if (kubeconfig === undefined) {
    throw new Error(
      "no cluster to talk to: there is no kubeconfig (KUBECONFIG, ~/.kube/config) and this is no pod. " +
        "try kubectl cluster-info, or name a file with --kubeconfig",
    );
  }
  const { kubeconfigTransport } = await import("./kubeconfig/kubeconfig-transport.ts");
  const isInteractive = options.isInteractive ?? false;
  return kubeconfigTransport(kubeconfig, { context, namespace, environment, clock, isInteractive });
}

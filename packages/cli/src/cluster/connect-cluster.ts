/** One command's connection to the API server: found as kubectl finds it, closed when the command ends, failing in one line. */
import { errorMessage } from "@waystone/base/error-message";
import { systemClock } from "@waystone/base/clock";
import { findCluster } from "@waystone/kube/find-cluster";
import { isApiError, isUnanswered } from "@waystone/kube/transport/api-error";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import type { ClusterOptions } from "../flags/cluster-options.ts";

export interface Cluster {
  readonly transport: Transport;
  /** What -n says, else the context's. */
  readonly namespace: string;
}

export async function withCluster<T>(
  options: ClusterOptions,
  use: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const transport = await connect(options);
  try {
    return await use({ transport, namespace: options.namespace ?? transport.namespace });
  } catch (thrown) {
    throw toCliError(thrown);
  } finally {
    await transport.close();
  }
}

async function connect({ kubeconfig, context, namespace }: ClusterOptions): Promise<Transport> {
  try {
    const config = await findCluster({
      environment: process.env,
      clock: systemClock,
      kubeconfig,
      context,
      namespace,
      isInteractive: process.stdin.isTTY,
    });
    return openTransport({ ...config, userAgent: "waystone-cli" }, { clock: systemClock });
  } catch (thrown) {
    throw new CliError(errorMessage(thrown));
  }
}

/** Without a reachable cluster: one clear line. */
function toCliError(thrown: unknown): unknown {
  if (isUnanswered(thrown)) {
    return new CliError(`the cluster does not answer: ${errorMessage(thrown)}; try kubectl cluster-info`);
  }
  return isApiError(thrown) ? new CliError(errorMessage(thrown)) : thrown;
}

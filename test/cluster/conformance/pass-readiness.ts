/**
 * A first look at Gateways: the suite's set-up waits until all of its own are programmed, and no test is begun before. Those of
 * ours never are, so each is marked, by the annotation that the suite has for it, as one that the set-up need not wait for.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningCluster } from "../running-cluster.ts";

export const gatewayNamespaces: readonly string[] = ["infra", "app-backend", "web-backend"].map(
  (name) => `gateway-conformance-${name}`,
);

const mark = "gateway-api/skip-this-for-readiness=true";

/** Until `run` is done; resolves to what it resolves to. */
export async function whilePassingReadiness<Result>(
  cluster: RunningCluster,
  run: Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const marking = markGateways(cluster, done.signal);
  try {
    return await run;
  } finally {
    done.abort();
    await marking;
  }
}

async function markGateways(cluster: RunningCluster, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const namespace of gatewayNamespaces) {
      // The namespaces come while this goes on.
      const exists = await cluster.kubectl([
        "get",
        "namespace",
        namespace,
        "--ignore-not-found",
        "-o",
        "name",
      ]);
      if (exists.trim() === "") continue;
      // One that a test deletes may go between the listing and the writing: the others are marked the next time.
      await cluster
        .kubectl(["-n", namespace, "annotate", "gateways", "--all", "--overwrite", mark])
        .catch(() => undefined);
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
}

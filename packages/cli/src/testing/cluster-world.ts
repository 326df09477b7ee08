/** A cluster for commands: an API server with nothing but some kinds, and a kubeconfig whose context is the namespace shop there. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { systemClock } from "@waystone/base/clock";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { openApiWorld } from "@waystone/kube/testing/api-world";
import type { FaultyApiServer } from "@waystone/testkit/faulty-api-server/faulty-api-server";

export interface ClusterWorld {
  readonly server: FaultyApiServer;
  readonly kubeconfig: string;
  close(): Promise<void>;
}

export async function openClusterWorld(kinds: readonly KubeResource[]): Promise<ClusterWorld> {
  const stored = kinds.map((kind) => ({ ...kind, kind: kind.kind ?? kind.plural, hasStatus: false }));
  const world = await openApiWorld({ clock: systemClock, kinds: stored });
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-cli-"));
  const kubeconfig = path.join(folder, "config");
  const config = {
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test", namespace: "shop" } }],
    clusters: [{ name: "test", cluster: { server: world.server.url } }],
    users: [{ name: "test", user: {} }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return {
    server: world.server,
    kubeconfig,
    async close() {
      await world.close();
      await rm(folder, { recursive: true });
    },
  };
}

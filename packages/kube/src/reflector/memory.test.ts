/** What is dropped on arrival costs nothing: memory holds the items, and one small entry for each object. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import type { KubeObject } from "../kube-object.ts";
import { openApiWorld } from "../testing/api-world.ts";
import { openReflector } from "./open-reflector.ts";

const count = process.env["WAYSTONE_LONG"] === "1" ? 10_000 : 500;
/** Name, uid, three labels, account, node, address; about 600 bytes as it is held, with its places in maps. */
const limitBytesEach = 1_600;

interface Pod {
  readonly id: string;
  readonly uid: string | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly ip: string | undefined;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function heapAfterGarbage(): Promise<number> {
  for (let at = 0; at < 3; at++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

test.for(["on", "refused"] as const)(
  "of pods of 8 KiB each, less than 1.6 KB is kept (streaming lists %s)",
  { timeout: 120_000 },
  async (streaming) => {
    const world = await openApiWorld();
    world.server.watchMode.streaming = streaming;
    for (let at = 0; at < count; at++) world.server.put("pods", pod(at));
    const into = createCollectionGraph().source<Pod>({ name: "pods", key: (item) => item.id });
    const strip = ({
      metadata,
      ...rest
    }: KubeObject & { readonly status?: { readonly podIP?: string } }): Pod => ({
      id: `${metadata.namespace}/${metadata.name}`,
      uid: metadata.uid,
      labels: metadata.labels,
      ip: rest.status?.podIP,
    });
    const before = await heapAfterGarbage();
    const reflector = openReflector<Pod>({
      transport: world.transport,
      resource: { group: "", version: "v1", plural: "pods", namespaced: true },
      into,
      key: (item) => item.id,
      strip,
      clock: world.clock,
      rng: seededRng(1),
      logger: silentLogger,
    });
    await world.passUntil(() => reflector.isSynced, "it is synced");
    const grown = (await heapAfterGarbage()) - before;
    expect(into.size).toBe(count);
    expect(grown / count).toBeLessThan(limitBytesEach);
    await reflector.close();
    await world.close();
  },
);

function pod(at: number): JsonObject {
  const env = Array.from({ length: 100 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `a value of some length: ${i} ${at}`,
  }));
  return {
    metadata: {
      name: `deployment-7c9f8d6b5c-${at}`,
      namespace: "shop",
      labels: { app: `app-${at % 100}`, version: "v1", "pod-template-hash": "7c9f8d6b5c" },
    },
    spec: { nodeName: `node-${at % 50}`, containers: [{ name: "app", env }] },
    status: { phase: "Running", podIP: `10.0.${at >> 8}.${at & 255}` },
  };
}

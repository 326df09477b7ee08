/**
 * The examples on a real cluster, by the very checks that `npm run test:examples` makes of `waystone run`. What a client calls
 * 127.20.0.N is led to the ClusterIP of that Service from here.
 */
import { createServer, connect, type Server, type Socket } from "node:net";
import type { Service } from "@waystone/api/kubernetes/core";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { afterAll, beforeAll, describe, test } from "vitest";
import { closeConnections } from "../../../examples/harness/ask.ts";
import { type Backend, openBackend } from "../../../examples/harness/backend.ts";
import { exampleNames, loadExample } from "../../../examples/harness/example.ts";
import { runProgram } from "../run-program.ts";
import { until } from "../until.ts";
import { forCluster, placed, readManifests } from "./example-on-cluster.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
/**
 * Not played here. A Namespace's annotation captures what has an HTTP port or a route, and TLSRoutes and TCPRoutes do not count
 * as one yet (suite/route-kinds.test.ts plays them on Services that are annotated themselves). The sessions were asked before the
 * waypoint had endpoints, once: they are played by suite/backend-policies.test.ts.
 */
const notHere: ReadonlySet<string> = new Set(["tcp-split", "tls-passthrough"]);
const examples = (await Promise.all(exampleNames().map(loadExample))).filter(
  ({ name, needsClientAddresses = false }) => !needsClientAddresses && !notHere.has(name),
);
let image = "";

/** Everything at `from` goes to `to`. */
async function forward(from: string, to: string, port: number): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: to, port });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on("close", () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  server.on("close", () => {
    for (const socket of sockets) socket.destroy();
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, from, resolve);
  await promise;
  return server;
}

interface RouteLike {
  readonly status?: {
    readonly parents?: readonly {
      readonly conditions: readonly { readonly type: string; readonly status: string }[];
    }[];
  };
}

async function untilProgrammed({
  kind,
  metadata: { namespace = "", name },
}: KubernetesObject): Promise<void> {
  let last = "";
  await until(
    async () => {
      last = await cluster.kubectl(["-n", namespace, "get", kind, name, "-o", "json"]);
      const parents = (JSON.parse(last) as RouteLike).status?.parents ?? [];
      const isTrue = parents.map(({ conditions }) =>
        conditions.some(({ type, status }) => type === "Programmed" && status === "True"),
      );
      return isTrue.length > 0 && isTrue.every(Boolean);
    },
    { deadlineMs: 60_000, describe: () => `${kind} ${name} is not Programmed: ${last}` },
  );
}

/** And are ready, as far as pods without a probe can tell. */
async function untilPodsRun(namespace: string): Promise<void> {
  const ready = ["--for=condition=Ready", "--timeout=90s"];
  await cluster.kubectl(["-n", namespace, "wait", "pod", "--all", ...ready]);
}

beforeAll(async () => {
  // Examples may show what only that channel has.
  await installWaystone(cluster, { channel: "experimental" });
  image = await loadWaystoneImage(cluster);
  const addresses = examples.flatMap(({ backends }) => backends.map(({ host }) => placed(host)));
  for (const address of addresses) {
    await runProgram(["ip", "address", "replace", `${address}/32`, "dev", "eth0"]);
  }
}, 240_000);

afterAll(async () => {
  closeConnections();
  await uninstallWaystone(cluster);
  const namespaces = examples
    .flatMap(readManifests)
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => metadata.name);
  await cluster.kubectl(["delete", "namespace", ...namespaces, "--wait=false", "--ignore-not-found"]);
}, 240_000);

describe.each(examples)("$name", (example) => {
  const objects = readManifests(example);
  const backends: Backend[] = [];
  const forwards: Server[] = [];

  beforeAll(async () => {
    for (const options of example.backends) {
      backends.push(await openBackend({ ...options, host: placed(options.host) }));
    }
    await applyObjects(cluster, ...forCluster(example, image));
    await untilPodsRun(objects[0]?.metadata.name ?? "");
    for (const object of objects) {
      if (object.kind !== "Service") continue;
      const { metadata, spec } = object as Service;
      if (spec?.clusterIP === undefined) continue;
      const key = `${metadata.namespace}/${metadata.name}`;
      await untilCaptured(cluster, key, 90_000);
      const to = (await getService(cluster, key)).spec?.clusterIP ?? "";
      for (const { port } of spec.ports ?? []) forwards.push(await forward(spec.clusterIP, to, port));
    }
    for (const object of objects) if (object.kind.endsWith("Route")) await untilProgrammed(object);
  }, 240_000);

  afterAll(async () => {
    for (const server of forwards) server.close();
    for (const backend of backends) await backend.close();
  });

  const backend = (name: string): Backend => {
    const found = backends.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the example has no backend ${name}`);
    return found;
  };
  test.each(example.checks)("$rule", async ({ holds }) => await holds({ backend }));
});

/**
 * The examples on a real cluster: their manifests as they are but for the addresses, which a cluster gives out itself, and the very
 * checks that `npm run test:examples` makes of `waystone run`. The backends run here and have addresses of node-1; what a
 * client calls 127.20.0.N is led to the ClusterIP of that Service.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, connect, type Server, type Socket } from "node:net";
import path from "node:path";
import type { Service } from "@waystone/api/kubernetes/core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { closeConnections } from "../../../examples/harness/ask.ts";
import { type Backend, openBackend } from "../../../examples/harness/backend.ts";
import { type Example, exampleNames, loadExample } from "../../../examples/harness/example.ts";
import { runProgram } from "../run-program.ts";
import { until } from "../until.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";

const cluster = suiteCluster();
/** With pods of its own, which a cluster would have to run: canary.test.ts plays it by the commands of the README. */
const withPods: ReadonlySet<string> = new Set(["canary"]);
const names = exampleNames().filter((name) => !withPods.has(name));
const examples = await Promise.all(names.map(loadExample));

interface AnyObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Service["spec"];
  readonly endpoints?: readonly { readonly addresses: readonly string[] }[];
  readonly [field: string]: unknown;
}

/** In the order in which they are in their files; namespaces first. */
function objectsOf({ manifests }: Example): readonly AnyObject[] {
  const files = readdirSync(manifests).filter((file) => file.endsWith(".yaml"));
  const objects = files.flatMap((file) =>
    parseAllDocuments(readFileSync(path.join(manifests, file), "utf8")).map(
      (document) => document.toJS() as AnyObject | null,
    ),
  );
  const isFirst = ({ kind }: AnyObject): number => (kind === "Namespace" ? 0 : 1);
  return objects.filter((object) => object !== null).toSorted((a, b) => isFirst(a) - isFirst(b));
}

/** One of node-1 for each loopback address of a backend: 127.20.5.1 is 198.18.0.151. */
function placed(address: string): string {
  const [, , example = "0", backend = "0"] = address.split(".");
  return `198.18.0.${100 + Number(example) * 10 + Number(backend)}`;
}

/** As a cluster takes it: it gives ClusterIPs out itself, and no endpoint may be at a loopback address. */
function forCluster(object: AnyObject): AnyObject {
  if (object.kind === "Service") {
    const { clusterIP: _, ...spec } = object.spec ?? {};
    return { ...object, spec };
  }
  if (object.endpoints === undefined) return object;
  const endpoints = object.endpoints.map((each) => ({ ...each, addresses: each.addresses.map(placed) }));
  return { ...object, endpoints };
}

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

async function untilProgrammed({ kind, metadata: { namespace = "", name } }: AnyObject): Promise<void> {
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

beforeAll(async () => {
  await installWaystone(cluster);
  const addresses = examples.flatMap(({ backends }) => backends.map(({ host }) => placed(host)));
  for (const address of addresses) {
    await runProgram(["ip", "address", "replace", `${address}/32`, "dev", "eth0"]);
  }
}, 240_000);

afterAll(async () => {
  closeConnections();
  await uninstallWaystone(cluster);
  const namespaces = examples
    .flatMap(objectsOf)
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => metadata.name);
  await cluster.kubectl(["delete", "namespace", ...namespaces, "--wait=false", "--ignore-not-found"]);
}, 240_000);

describe.each(examples)("$name", (example) => {
  const objects = objectsOf(example);
  const backends: Backend[] = [];
  const forwards: Server[] = [];

  beforeAll(async () => {
    for (const options of example.backends) {
      backends.push(await openBackend({ ...options, host: placed(options.host) }));
    }
    await applyObjects(cluster, ...objects.map(forCluster));
    for (const { kind, metadata, spec } of objects) {
      if (kind !== "Service" || spec?.clusterIP === undefined) continue;
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

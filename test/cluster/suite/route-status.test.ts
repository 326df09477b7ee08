/**
 * What the API server holds of a route's status: one writer, one write for a change, others' entries kept whatever they do at the
 * same time, and Programmed only when it is true. Every version of the route is looked at, as a watch tells them, so nothing
 * hides between two looks.
 */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { supportedFeatures } from "@waystone/api/features";
import type { Service } from "@waystone/api/kubernetes/core";
import type { GatewayClass, HTTPRoute, RouteParentStatus } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { captureKeys, controllerName, waypointPortRange } from "@waystone/api/names";
import { applyObject, getObject, patchObject } from "@waystone/kube/objects/objects";
import { isConflict } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { releaseNamespace } from "./helm.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget } from "./load-target.ts";
import { ObjectHistory } from "./object-history.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { suiteTransport } from "./suite-transport.ts";
import { applyObjects, waypointGateway, waypointParameters } from "./waypoint-gateways.ts";
import { askPlace, type WaypointPlace, untilWaypointPlaces } from "./waypoint-places.ts";

const cluster = suiteCluster();
const namespace = "statuses";
const id = { namespace, name: "target" };
const httpRoutes = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "httproutes",
  kind: "HTTPRoute",
  namespaced: true,
};
const services = { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true };
/** What is promised; a run in passing, on a machine that builds something else, gets more time. */
const refusalMs = sized({ short: 20_000, full: 1_000 });
const stranger = { parentRef: { name: "edge" }, controllerName: "example.com/stranger" };

let transport: Transport;
let places: readonly WaypointPlace[] = [];

beforeAll(async () => {
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await applyObjects(
    cluster,
    waypointParameters(namespace, "three", { replicas: 3 }),
    waypointGateway(namespace, "three", "three"),
  );
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=three"]);
  await createLoadTarget(cluster, { ...id, replicas: 1 });
  await untilCaptured(cluster, `${namespace}/target`, 90_000);
  transport = await suiteTransport(cluster);
  places = await untilWaypointPlaces(cluster, { namespace, service: "target", count: 3 });
}, 480_000);

afterAll(async () => {
  for (const { agent } of places) agent.destroy();
  await transport?.close();
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

/** It shows its number in every answer. */
async function writeRoute(number: number): Promise<HTTPRoute> {
  const wanted = {
    metadata: id,
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: "target" }, { name: "edge" }],
      rules: [
        {
          filters: [
            {
              type: "ResponseHeaderModifier",
              responseHeaderModifier: { set: [{ name: "x-route-number", value: String(number) }] },
            },
          ],
          backendRefs: [{ name: "target", port: 80 }],
        },
      ],
    },
  };
  return await applyObject<HTTPRoute>(transport, httpRoutes, wanted, { fieldManager: "suite" });
}

function oursOf(route: HTTPRoute | undefined): readonly RouteParentStatus[] {
  return (route?.status?.parents ?? []).filter((parent) => parent.controllerName === controllerName);
}

function conditionOf(route: HTTPRoute | undefined, type: string): Condition | undefined {
  return oursOf(route)[0]?.conditions.find((condition) => condition.type === type);
}

async function untilProgrammed(generation: number | undefined): Promise<HTTPRoute> {
  let last: HTTPRoute | undefined;
  return await until(
    async () => {
      last = await getObject<HTTPRoute>(transport, httpRoutes, id);
      const programmed = conditionOf(last, "Programmed");
      return programmed?.status === "True" && programmed.observedGeneration === generation && last;
    },
    {
      deadlineMs: 60_000,
      everyMs: 10,
      describe: () => `it is not programmed: ${JSON.stringify(last?.status)}`,
    },
  );
}

let lastNumber = 0;

/** Every change is one, at a second try too, and waits for its status. */
async function change(count: number): Promise<void> {
  for (let changes = 0; changes < count; changes++) {
    await untilProgrammed((await writeRoute(++lastNumber)).metadata.generation);
  }
}

describe("a route that asks for a Service and for somebody else's Gateway", () => {
  test("has one entry of ours: for the Service, with group and kind, and the generation on every condition", async () => {
    const route = await untilProgrammed((await writeRoute(0)).metadata.generation);
    expect(route.status?.parents).toHaveLength(1);
    const [parent] = oursOf(route);
    expect(parent?.parentRef).toEqual({ group: "", kind: "Service", name: "target" });
    expect(parent?.conditions.map(({ type, status }) => `${type}=${status}`)).toEqual([
      "Accepted=True",
      "ResolvedRefs=True",
      "Programmed=True",
    ]);
    const { generation } = route.metadata;
    for (const condition of parent?.conditions ?? []) expect(condition.observedGeneration).toBe(generation);
    expect(conditionOf(route, "Programmed")?.message).toBe(`3/3 waypoints at generation ${generation}`);
  });

  test("is written once for each change, by its owner and by us", async () => {
    const history = await ObjectHistory.start<HTTPRoute>(transport, httpRoutes, id);
    const count = 20;
    await change(count);
    await sleep(1_500);
    const versions = await history.stop();
    const writes = versions.length - count;
    console.log(`${count} changes: ${writes} writes of the status`);
    // One each; a waypoint that answers later than half a second on a starved machine makes it two.
    expect(writes).toBeLessThanOrEqual(sized({ short: 2 * count, full: count + 2 }));
  });

  test("is not written while nothing changes, whatever changes elsewhere, and not by the next leader either", {
    timeout: 480_000,
  }, async () => {
    const history = await ObjectHistory.start<HTTPRoute>(transport, httpRoutes, id);
    const ports = [{ name: "http", port: 80 }];
    await applyObjects(cluster, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "elsewhere", namespace },
      spec: { selector: { app: "elsewhere" }, ports },
    });
    await untilCaptured(cluster, `${namespace}/elsewhere`);
    const controllers = ["-n", releaseNamespace, "rollout"];
    await cluster.kubectl([...controllers, "restart", "deployment/waystone-controller"]);
    await cluster.kubectl([...controllers, "status", "deployment/waystone-controller", "--timeout=180s"]);
    // It leads, and works.
    await cluster.kubectl(["-n", namespace, "delete", "service", "elsewhere"]);
    await until(
      async () =>
        !(await cluster.kubectl(["-n", namespace, "get", "services", "-o", "name"])).includes("elsewhere"),
      { deadlineMs: 60_000, describe: () => "the shadow is left" },
    );
    expect(await history.stop()).toEqual([]);
  });

  test("is Programmed only once all three waypoints serve what it says", async () => {
    const wrong: string[] = [];
    const asked: Promise<void>[] = [];
    const ask = async (number: string, place: WaypointPlace): Promise<void> => {
      const { headers } = await askPlace(place);
      const shown = headers["x-route-number"];
      if (Number(shown) < Number(number)) wrong.push(`${place.host} shows ${String(shown)}, not ${number}`);
    };
    const history = await ObjectHistory.start<HTTPRoute>(transport, httpRoutes, id, (version) => {
      const programmed = conditionOf(version, "Programmed");
      const isCurrent = programmed?.observedGeneration === version.metadata.generation;
      if (programmed?.status !== "True" || !isCurrent) return;
      const header = version.spec?.rules?.[0]?.filters?.[0]?.responseHeaderModifier?.set?.[0]?.value ?? "";
      for (const place of places) asked.push(ask(header, place));
    });
    await change(30);
    await history.stop();
    await Promise.all(asked);
    expect(asked.length).toBeGreaterThanOrEqual(90);
    expect(wrong).toEqual([]);
  });
});

/** Somebody who counts in an entry of his own, as fast as the API server lets him; and reads before he writes, as one should. */
class Stranger {
  written = 0;
  conflicts = 0;
  readonly #from: number;
  readonly #done: Promise<void>;
  #isStopped = false;

  /** `from`: to where its entry has counted before. */
  constructor(from: number) {
    this.#from = from;
    this.#done = this.#count();
    onTestFinished(async () => await this.stop());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #count(): Promise<void> {
    while (!this.#isStopped) {
      const route = await getObject<HTTPRoute>(transport, httpRoutes, id);
      if (route === undefined) throw new Error("the route is gone");
      const others = (route.status?.parents ?? []).filter((parent) => !isStranger(parent));
      const { generation, resourceVersion } = route.metadata;
      const condition = {
        type: "Accepted",
        status: "True",
        reason: "Accepted",
        message: String(this.#from + this.written + 1),
        observedGeneration: generation,
        lastTransitionTime: "2026-01-01T00:00:00Z",
      };
      const parents = [...others, { ...stranger, conditions: [condition] }];
      const patch = { metadata: { resourceVersion }, status: { parents } };
      try {
        const options = { fieldManager: "stranger", subresource: "status" } as const;
        await patchObject(transport, httpRoutes, id, { type: "merge", patch }, options);
        this.written++;
      } catch (thrown) {
        if (!isConflict(thrown)) throw thrown;
        this.conflicts++;
      }
    }
  }
}

function isStranger(parent: RouteParentStatus): boolean {
  return parent.controllerName === stranger.controllerName;
}

function countOf(route: HTTPRoute | undefined): number {
  const entry = route?.status?.parents?.find(isStranger);
  return Number(entry?.conditions[0]?.message ?? "0");
}

describe("another controller that writes its entry all the time", () => {
  test("loses no write to us, and we none to it", async () => {
    const history = await ObjectHistory.start<HTTPRoute>(transport, httpRoutes, id);
    const from = countOf(await getObject<HTTPRoute>(transport, httpRoutes, id));
    const other = new Stranger(from);
    await change(20);
    await other.stop();
    const versions = await history.stop();
    console.log(`${other.written} writes of the other, ${other.conflicts} of its conflicts`);
    expect(other.written).toBeGreaterThan(20);
    const counts = versions.map(countOf);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(from + other.written);
    for (const version of versions) expect(oursOf(version)).toHaveLength(1);
  });

  test("that wipes our entry away has it put back, its own kept", async () => {
    const route = await getObject<HTTPRoute>(transport, httpRoutes, id);
    const parents = (route?.status?.parents ?? []).filter(isStranger);
    const options = { fieldManager: "stranger", subresource: "status" } as const;
    const patch = { status: { parents } };
    await patchObject(transport, httpRoutes, id, { type: "merge", patch }, options);
    const after = await untilProgrammed(route?.metadata.generation);
    expect(after.status?.parents?.filter(isStranger)).toEqual(parents);
  });

  test("keeps its entry when the route turns away from our Service, and ours goes", async () => {
    const patch = { spec: { parentRefs: [{ name: "edge" }] } };
    await patchObject(transport, httpRoutes, id, { type: "merge", patch }, { fieldManager: "suite" });
    const after = await until(
      async () => {
        const route = await getObject<HTTPRoute>(transport, httpRoutes, id);
        return oursOf(route).length === 0 && route;
      },
      { deadlineMs: 60_000, describe: () => "our entry stays" },
    );
    expect(after.status?.parents?.map((parent) => parent.controllerName)).toEqual([stranger.controllerName]);
    await change(1);
  });
});

/** Takes every port that a waypoint's pod does not listen on yet: what a sidecar does to one. */
class PortThief {
  readonly #child: ReturnType<typeof spawn>;

  private constructor(child: ReturnType<typeof spawn>) {
    this.#child = child;
  }

  static async start(pod: string): Promise<PortThief> {
    const script = `
      const { createServer } = require("node:net");
      const taken = [];
      const take = (port) => new Promise((resolve) => {
        const server = createServer().once("error", resolve).listen(port, "::", () => { taken.push(port); resolve(); });
      });
      (async () => {
        for (let port = ${waypointPortRange.first}; port <= ${waypointPortRange.last}; port++) await take(port);
        console.log("taken " + taken.length);
        setTimeout(() => process.exit(), 100_000);
      })();`;
    const args = ["-n", namespace, "exec", pod, "--", "node", "-e", script];
    const [program = "", ...rest] = cluster.onNode("node-1", ["kubectl", ...args]);
    const child = spawn(program, rest, { env: { ...process.env, ...cluster.environment } });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text.includes("taken"), {
      deadlineMs: 60_000,
      describe: () => `no ports taken: ${text}`,
    });
    return new PortThief(child);
  }

  stop(): void {
    this.#child.kill();
  }
}

describe("a waypoint that refuses", () => {
  let lastPort = 80;

  test("is on the object that caused it in the waypoint's own words, and nothing is led there", async () => {
    let last: Service | undefined;
    const untilSaid = async (wanted: string): Promise<Condition> =>
      await until(
        async () => {
          last = await getService(cluster, `${namespace}/target`);
          const conditions = last.status?.conditions ?? [];
          const programmed = conditions.find(({ type }) => type === "waystone.dev/Programmed");
          return `${programmed?.status} ${programmed?.reason}`.startsWith(wanted) && programmed;
        },
        {
          deadlineMs: 180_000,
          everyMs: 10,
          describe: () => `Programmed is not ${wanted}: ${JSON.stringify(last)}`,
        },
      );
    // A try before may have left what it refuses, until its thief is gone.
    await untilSaid("True");
    const pods = await cluster.kubectl([
      "-n",
      namespace,
      "get",
      "pods",
      "-l",
      captureKeys.waypoint,
      "-o",
      "name",
    ]);
    const pod = pods.split("\n")[0] ?? "";
    const thief = await PortThief.start(pod);
    try {
      const port = ++lastPort;
      const patch = { spec: { ports: [{ name: `more-${port}`, port, targetPort: "http" }] } };
      const startedAt = performance.now();
      const options = { fieldManager: "suite" };
      await patchObject(transport, services, id, { type: "strategic", patch }, options);
      const { message } = await untilSaid("False Invalid");
      const tookMs = performance.now() - startedAt;
      console.log(`from the write of the Service to the refusal on it: ${tookMs.toFixed(0)} ms`);
      expect(message).toContain(pod.slice(pod.indexOf("/") + 1));
      expect(message).toContain("another process listens there");
      expect(tookMs).toBeLessThan(refusalMs);
    } finally {
      thief.stop();
    }
  });
});

test("the GatewayClass names the features that the suite is told of, sorted, and no more than 64", async () => {
  const json = await cluster.kubectl(["get", "gatewayclass", "waystone-waypoint", "-o", "json"]);
  const names = (JSON.parse(json) as GatewayClass).status?.supportedFeatures?.map(({ name }) => name) ?? [];
  expect(names).toEqual(supportedFeatures({ versions: ["v1.6.3"], channels: ["standard"] }));
  expect(names).toEqual(names.toSorted());
  expect(names.length).toBeLessThanOrEqual(64);
});

/**
 * Waypoints as the pods that they are: made for an annotated namespace, allowed by Pod Security "restricted", known to the
 * controller by their tokens, and replaced one by one without a failed request.
 */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { typeUrls } from "@waystone/api/names";
import { EndpointSlice, Protocol, Service } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { until } from "../until.ts";
import { EchoPods } from "./echo-pods.ts";
import { describeLoad, SteadyLoad } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { WaypointController } from "./waypoint-controller.ts";
import { removeDefinitions } from "./installed-waystone.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const own = "waypoint-system";
const shop = "waypoint-shop";
const gateway = `${shop}/waypoint`;
const waypointPort = 10_001;
/** Nobody listens there on the waypoint's own behalf: requests to it must go nowhere. */
const loopingPort = 10_002;
const repository = path.join(import.meta.dirname, "../../..");
const crds = await gatewayApiCrds("v1.6.3", "standard");
let controller: WaypointController;
let echo: EchoPods;

beforeAll(async () => {
  const image = await loadWaystoneImage(cluster);
  const ours = path.join(repository, "charts/waystone/templates/crds");
  const files = [...crds, ...(await readdir(ours)).map((name) => path.join(ours, name))];
  await cluster.kubectl(["apply", "--server-side", ...files.flatMap((file) => ["-f", file])]);
  echo = await EchoPods.create(cluster, "waypoint-echo");
  controller = await WaypointController.start(cluster, own, image);
  controller.show([...service("web", waypointPort, echoAddresses(), 8080)]);
  await apply(
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: shop,
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
        annotations: { "waystone.dev/use-waypoint": "waypoint" },
      },
    },
    front("web", waypointPort),
  );
});

afterAll(async () => {
  await controller?.stop();
  await cluster.kubectl(["delete", "namespace", own, shop, "--wait=false"]);
  await echo?.delete();
  // Helm takes over no definition that it has not made, and other suites begin without the Gateway API.
  await removeDefinitions(cluster);
});

function echoAddresses(): readonly string[] {
  return echo.servers.map(({ status }) => status.podIP);
}

async function apply(...items: readonly object[]): Promise<void> {
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", shop, ...args]);
}

/** A Service that is captured already: it points at the waypoint's pods. */
function front(name: string, port: number): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: shop },
    spec: {
      selector: { "waystone.dev/waypoint": "waypoint" },
      ports: [{ name: "http", port: 80, targetPort: port }],
    },
  };
}

/** What a waypoint is told of it. */
function service(
  name: string,
  listen: number,
  addresses: readonly string[],
  port: number,
): readonly EncodedResource[] {
  const message = Service.encode({
    namespace: shop,
    name,
    generation: 1,
    waypoint: gateway,
    ports: [{ name: "http", port: 80, protocol: Protocol.HTTP, listen: [{ address: "::", port: listen }] }],
  });
  const slice = EndpointSlice.encode({
    namespace: shop,
    name,
    service: `${shop}/${name}`,
    ports: [{ name: "http", port }],
    endpoints: addresses.map((address) => ({ address, ready: true, serving: true })),
  });
  return [
    encodeResource(typeUrls.service, `${shop}/${name}`, message.finish()),
    encodeResource(typeUrls.endpointSlice, `${shop}/${name}`, slice.finish()),
  ];
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIPs: readonly { readonly ip: string }[] };
}

async function waypointPods(): Promise<readonly Pod[]> {
  const found = await kubectl("get", "pods", "-l", "waystone.dev/waypoint=waypoint", "-o", "json");
  return (JSON.parse(found) as { items: readonly Pod[] }).items;
}

async function clusterIp(name: string): Promise<string> {
  return await kubectl("get", "service", name, "-o", "jsonpath={.spec.clusterIP}");
}

async function becomesAvailable(): Promise<void> {
  await until(
    async () => (await cluster.tryKubectl(["-n", shop, "get", "deployment", "waypoint"])).exitCode === 0,
    {
      deadlineMs: 60_000,
      describe: () => `no Deployment: ${JSON.stringify(controller.model.deployments.list())}`,
    },
  );
  await kubectl("rollout", "status", "deployment/waypoint", "--timeout=180s");
}

describe("for an annotated namespace", () => {
  test("a Gateway is made, and its waypoint becomes Available where Pod Security allows only what is restricted", async () => {
    await becomesAvailable();
    const made = await kubectl("get", "gateway", "waypoint", "-o", "jsonpath={.metadata.labels}");
    expect(JSON.parse(made)).toMatchObject({ "app.kubernetes.io/managed-by": "waystone" });
    await until(() => controller.model.deployments.get(gateway)?.readyReplicas === 2, {
      deadlineMs: 60_000,
      describe: () => JSON.stringify(controller.model.deployments.get(gateway)),
    });
    expect(controller.model.deployments.get(gateway)).toMatchObject({
      hostname: `waypoint.${shop}.svc.cluster.local`,
      clusterIPs: [await clusterIp("waypoint"), expect.any(String)],
      replicas: 2,
      updatedReplicas: 2,
      problem: undefined,
    });
  });

  test("the controller knows each pod by its name, and they are on as many nodes as there are", async () => {
    const pods = await waypointPods();
    const names = pods.map(({ metadata }) => `${gateway}/${metadata.name}`).toSorted();
    const connected = (): string => [...controller.connected].toSorted().join(", ");
    await until(() => connected() === names.join(", "), {
      deadlineMs: 60_000,
      describe: () => `there are ${names.join(", ")}; the controller knows ${connected()}`,
    });
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(Math.min(2, cluster.nodes.length));
  });

  test("the next leader writes nothing, and puts right what somebody changed", async () => {
    const before = controller.writes.length;
    await controller.deployAnew();
    await kubectl("patch", "pdb", "waypoint", "--type=merge", "-p", '{"spec":{"maxUnavailable":2}}');
    await until(
      async () => (await kubectl("get", "pdb", "waypoint", "-o", "jsonpath={.spec.maxUnavailable}")) === "1",
      { deadlineMs: 60_000, describe: () => "the budget stays as somebody changed it" },
    );
    expect(controller.writes.slice(before)).toEqual([
      `PATCH /apis/policy/v1/namespaces/${shop}/poddisruptionbudgets/waypoint`,
    ]);
  });
});

describe("what goes through it", () => {
  test("a request to the ClusterIP is answered by an endpoint of the Service", async () => {
    const address = await clusterIp("web");
    // A node's kube-proxy, and the waypoint's word of its endpoints, may come a moment later.
    const response = await until(
      async () => {
        const answer = await fetch(`http://${address}/`).catch(() => undefined);
        return answer?.status === 200 && answer;
      },
      { deadlineMs: 60_000, describe: () => "the ClusterIP does not answer" },
    );
    const { host } = (await response.json()) as { host: string };
    expect(echo.servers.map(({ name }) => name)).toContain(host);
  });

  test("nothing reaches the pod's own ports, whatever endpoints are pushed", async () => {
    const [pod] = await waypointPods();
    const own = pod?.status.podIPs.map(({ ip }) => ip) ?? [];
    onTestFinished(async () => {
      controller.show(service("web", waypointPort, echoAddresses(), 8080));
      await kubectl("delete", "service", "looping", "--ignore-not-found");
    });
    await apply(front("looping", loopingPort));
    for (const port of [15020, 15021, waypointPort]) {
      controller.show([
        ...service("web", waypointPort, echoAddresses(), 8080),
        ...service("looping", loopingPort, own, port),
      ]);
      await until(
        async () => {
          const url = `http://${own[0]}:${loopingPort}/metrics`;
          const response = await fetch(url).catch(() => undefined);
          return response?.status === 503 && (await response.text()).includes("may not be dialled");
        },
        { deadlineMs: 60_000, describe: () => `port ${port} of the pod is not refused` },
      );
    }
  });
});

describe("no request fails", () => {
  async function underLoad(act: () => Promise<void>): Promise<void> {
    const host = await clusterIp("web");
    const load = new SteadyLoad({ host, port: 80, perSecond: 100, kept: 8 });
    await act();
    await until(() => load.sent > 500, { deadlineMs: 60_000, describe: () => `${load.sent} are sent` });
    const result = await load.stop();
    console.info(describeLoad(result));
    expect(result.failed).toEqual([]);
  }

  test("while all waypoints are replaced, one by one", async () => {
    const before = (await waypointPods()).map(({ metadata }) => metadata.name);
    await underLoad(async () => {
      await kubectl("rollout", "restart", "deployment/waypoint");
      await kubectl("rollout", "status", "deployment/waypoint", "--timeout=180s");
      await kubectl("wait", "--for=delete", "--timeout=180s", ...before.map((name) => `pod/${name}`));
    });
    const after = (await waypointPods()).map(({ metadata }) => metadata.name);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
  });

  test("while a waypoint's pod is deleted", async () => {
    const [pod] = await waypointPods();
    await underLoad(async () => {
      await kubectl("delete", "pod", pod?.metadata.name ?? "", "--wait=true");
      await kubectl("rollout", "status", "deployment/waypoint", "--timeout=180s");
    });
  });
});

describe("with parameters", () => {
  test.for(["every-parameter.yaml", "class-parameters.yaml"])(
    "the API server takes what %s makes, and warns of nothing",
    async (name) => {
      const trial = `${shop}-${name.slice(0, name.indexOf("-"))}-${Date.now()}`;
      onTestFinished(
        async () => void (await cluster.kubectl(["delete", "namespace", trial, "--wait=false"])),
      );
      const file = path.join(repository, "packages/controller/src/deploy/testdata", name);
      const [, output = ""] = (await readFile(file, "utf8")).split("\n# Output\n");
      const [{ objects }] = parse(output) as [{ objects: readonly object[] }];
      const text = JSON.stringify(objects).replaceAll('"shop"', JSON.stringify(trial));
      const items = JSON.parse(text) as readonly object[];
      const labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      };
      await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: trial, labels } });
      const args = ["apply", "--server-side", "--dry-run=server", "-f", "-"];
      const { exitCode, stdout, stderr } = await cluster.tryKubectl(
        args,
        JSON.stringify({ apiVersion: "v1", kind: "List", items }),
      );
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout.trimEnd().split("\n")).toHaveLength(objects.length);
    },
  );
});

test("a Gateway that nobody asks for any more goes, and everything of its waypoint with it", async () => {
  await cluster.kubectl(["annotate", "namespace", shop, "waystone.dev/use-waypoint-"]);
  const kinds = "gateway,deployment,service,serviceaccount,pdb,configmap";
  await until(
    async () => {
      const names = await kubectl("get", kinds, "-o", "name");
      return !/\/(waypoint|waystone-ca)$/m.test(names);
    },
    { deadlineMs: 60_000, everyMs: 500, describe: () => "something of the waypoint is left" },
  );
});

/**
 * The kinds beside HTTPRoute and GRPCRoute, each once end to end, with the experimental channel: what clients get, and what the
 * status says. Their definitions come after Waystone here, as they do for whoever installs them later.
 */
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { openTestAuthority, type TestAuthority } from "@waystone/testkit/test-authority";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { until } from "../until.ts";
import { releaseNamespace } from "./helm.ts";
import { installGatewayApi, installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { untilSaid } from "./said-status.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { type TlsPodAnswer, tlsPod, tlsPodPorts } from "./tls-pods.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "kinds";
const place = { cluster, namespace };
const gatewayApi = "gateway.networking.k8s.io/v1";
const late = ["tlsroutes", "tcproutes"];
let authority: TestAuthority;
let shop = "";

beforeAll(async () => {
  await installWaystone(cluster, { channel: "experimental" });
  // Gone again: what comes now comes late.
  await cluster.kubectl(["delete", "crd", ...late.map((plural) => `${plural}.gateway.networking.k8s.io`)]);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  const image = await loadWaystoneImage(cluster);
  authority = await openTestAuthority();
  const releases = ["one", "two"];
  for (const name of releases) {
    const certificate = await authority.issue({ dns: ["one.example", "*.two.example"] });
    await applyObjects(cluster, ...tlsPod({ namespace, name, image }, certificate));
  }
  await applyObjects(
    cluster,
    service("shop", { role: "tls-pod" }),
    ...releases.map((name) => service(name, { app: name })),
  );
  const ready = ["--for=condition=Ready", "--timeout=90s"];
  await cluster.kubectl(["-n", namespace, "wait", "pod", "-l", "role=tls-pod", ...ready]);
  for (const name of ["shop", ...releases]) await untilCaptured(cluster, `${namespace}/${name}`, 90_000);
  shop = (await getService(cluster, `${namespace}/shop`)).spec?.clusterIP ?? "";
}, 300_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 240_000);

function service(name: string, selector: Readonly<Record<string, string>>): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      selector,
      ports: [
        { name: "http", port: 80, targetPort: tlsPodPorts.http },
        { name: "https", port: 443, targetPort: tlsPodPorts.https },
        { name: "tcp", port: 9000, targetPort: tlsPodPorts.line },
      ],
    },
  };
}

function route(kind: string, name: string, spec: object): object {
  return { apiVersion: gatewayApi, kind, metadata: { name, namespace }, spec };
}

function parentRef(port: number): object {
  return { group: "", kind: "Service", name: "shop", port };
}

const inForce = ["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs", "Programmed=True Programmed"];

/** Who answers to this name; "closed": the connection was closed before there was TLS. */
async function askTls(servername: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connectTls({ host: shop, port: 443, servername, ca: authority.certificate });
  let text = "";
  socket.on("secureConnect", () => socket.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.on("error", (error) => resolve(`closed: ${error.message}`));
  socket.on("close", () => resolve(/"name":"(\w+)"/.exec(text)?.[1] ?? `closed: ${text}`));
  return await promise;
}

/** What the server says of itself, in its one line. */
async function askLine(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connectTcp({ host: shop, port: 9000 });
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.on("error", (error) => resolve(`closed: ${error.message}`));
  socket.on("close", () => resolve(text.trim()));
  return await promise;
}

test("without TLSRoute and TCPRoute the rest works, and the controllers are ready and well", async () => {
  expect(["one", "two"]).toContain(await askTls("one.example"));
  expect(["one", "two"]).toContain(await askLine());
  const logs = await cluster.kubectl([
    "-n",
    releaseNamespace,
    "logs",
    "-l",
    "app.kubernetes.io/name=waystone",
  ]);
  expect(logs).not.toContain('"level":"error"');
});

describe("kinds that come when all is running", () => {
  test("are picked up: a TLSRoute leads by server name, and others are closed", {
    timeout: 180_000,
  }, async () => {
    await installGatewayApi(cluster, { channel: "experimental" });
    const backend = (name: string): object => ({ backendRefs: [{ name, port: 443 }] });
    await applyObjects(
      cluster,
      route("TLSRoute", "one", {
        parentRefs: [parentRef(443)],
        hostnames: ["one.example"],
        rules: [backend("one")],
      }),
      route("TLSRoute", "two", {
        parentRefs: [parentRef(443)],
        hostnames: ["*.two.example"],
        rules: [backend("two")],
      }),
    );
    expect(await untilSaid(place, "tlsroute", "one", "Programmed=True")).toEqual(inForce);
    expect(await untilSaid(place, "tlsroute", "two", "Programmed=True")).toEqual(inForce);
    for (let round = 0; round < 5; round++) {
      expect(await askTls("one.example")).toBe("one");
      expect(await askTls("deep.two.example")).toBe("two");
      expect(await askTls("three.example")).toMatch(/^closed/);
    }
  });

  test("a TCPRoute shares connections by weight, and says of a backend that is not there what is wrong", async () => {
    const spec = (rules: readonly object[]): object => ({ parentRefs: [parentRef(9000)], rules });
    const weights = [
      { name: "one", port: 9000, weight: 3 },
      { name: "two", port: 9000, weight: 1 },
    ];
    await applyObjects(cluster, route("TCPRoute", "lines", spec([{ backendRefs: weights }])));
    expect(await untilSaid(place, "tcproute", "lines", "Programmed=True")).toEqual(inForce);
    const counts: Record<string, number> = {};
    for (let asked = 0; asked < 200; asked++) {
      const name = await askLine();
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(Object.keys(counts).toSorted()).toEqual(["one", "two"]);
    // Five standard deviations of 200 draws at 3/4.
    expect(Math.abs((counts["one"] ?? 0) - 150)).toBeLessThan(31);

    await applyObjects(
      cluster,
      route("TCPRoute", "lines", spec([{ backendRefs: [{ name: "gone", port: 9000 }] }])),
    );
    expect(await untilSaid(place, "tcproute", "lines", "Programmed=True")).toEqual([
      "Accepted=True Accepted",
      "ResolvedRefs=False BackendNotFound",
      "Programmed=True Programmed",
    ]);
    expect(await askLine()).toMatch(/^(closed|$)/);
  });

  test("what is deleted with its definition is as if it had never been", async () => {
    await cluster.kubectl(["delete", "crd", ...late.map((plural) => `${plural}.gateway.networking.k8s.io`)]);
    await until(async () => ["one", "two"].includes(await askLine()), {
      deadlineMs: 30_000,
      describe: () => "the port is not as it was",
    });
    await until(async () => !(await askTls("three.example")).startsWith("closed: closed"), {
      deadlineMs: 30_000,
      describe: () => "names are still looked at",
    });
    await installGatewayApi(cluster, { channel: "experimental" });
  });
});

/** What a pod answers, and the cookie that comes with it. */
async function askHttp(
  where: string,
  cookie = "",
): Promise<{ readonly seen: TlsPodAnswer; readonly cookie: string }> {
  const response = await fetch(`http://${shop}${where}`, { headers: { cookie } });
  const set = response.headers.get("set-cookie") ?? "";
  return { seen: (await response.json()) as TlsPodAnswer, cookie: set.split(";")[0] ?? "" };
}

/** Of a path that is asked for once. Over its budget, Waystone answers 503 itself (GEP-3388). */
async function triesOf(where: string): Promise<number> {
  const response = await fetch(`http://${shop}${where}`);
  expect(response.status).toBe(503);
  const text = await response.text();
  return text.startsWith("{") ? (JSON.parse(text) as TlsPodAnswer).times : 1;
}

describe("an XBackendTrafficPolicy", () => {
  const policy = (spec: object): object => ({
    apiVersion: "gateway.networking.x-k8s.io/v1alpha1",
    kind: "XBackendTrafficPolicy",
    metadata: { name: "traffic", namespace },
    spec,
  });

  test("bounds what a route's retries add to its backend's load", async () => {
    const retry = { codes: [503], attempts: 2, backoff: "30ms" };
    await applyObjects(
      cluster,
      route("HTTPRoute", "shop", {
        parentRefs: [parentRef(80)],
        rules: [{ backendRefs: [{ name: "one", port: 80 }], retry }],
      }),
    );
    await untilSaid(place, "httproute", "shop", "Programmed=True");
    expect(await triesOf("/busy/before")).toBe(3);
    await applyObjects(
      cluster,
      policy({
        targetRefs: [{ group: "", kind: "Service", name: "one" }],
        retryConstraint: {
          budget: { percent: 0, interval: "1m" },
          minRetryRate: { count: 1, interval: "1m" },
        },
      }),
    );
    await untilSaid(place, "xbackendtrafficpolicy", "traffic", "Accepted=True Accepted");
    // The status says that it is accepted; that it is in force shows in the answers.
    let round = 0;
    await until(async () => (await triesOf(`/busy/round-${round++}`)) === 1, {
      deadlineMs: 30_000,
      describe: () => "retries go on as before",
    });
    let tries = 0;
    for (let asked = 0; asked < 20; asked++) tries += await triesOf(`/busy/asked-${asked}`);
    // One retry a minute for each worker of two waypoints; 60 tries without the policy.
    expect(tries).toBeLessThanOrEqual(30);
  });

  test("keeps a client with the endpoint that it began with", async () => {
    await applyObjects(
      cluster,
      route("HTTPRoute", "shop", {
        parentRefs: [parentRef(80)],
        rules: [{ backendRefs: [{ name: "shop", port: 80 }] }],
      }),
      policy({
        targetRefs: [{ group: "", kind: "Service", name: "shop" }],
        sessionPersistence: { type: "Cookie" },
      }),
    );
    await untilSaid(place, "xbackendtrafficpolicy", "traffic", "Accepted=True Accepted");
    const first = await until(
      async () => {
        const answer = await askHttp("/");
        return answer.cookie !== "" && answer;
      },
      { deadlineMs: 30_000, describe: () => "no cookie is set" },
    );
    for (let asked = 0; asked < 40; asked++) {
      expect((await askHttp("/", first.cookie)).seen.name).toBe(first.seen.name);
    }
  });
});

test("the definitions of 1.7.0 take the place of 1.6.3's while all is running, and the class says so", {
  timeout: 180_000,
}, async () => {
  expect((await gatewayApiCrds("v1.7.0", "experimental")).length).toBeGreaterThan(10);
  await cluster.kubectl(["-n", namespace, "delete", "xbackendtrafficpolicy", "--all"]);
  await installGatewayApi(cluster, { version: "v1.7.0", channel: "experimental" });
  let last = "";
  await until(
    async () => {
      last = await cluster.kubectl(["get", "gatewayclass", "waystone-waypoint", "-o", "json"]);
      return last.includes("Gateway API v1.7.0 is supported") && last.includes("HTTPRouteRetryCodes");
    },
    { deadlineMs: 60_000, everyMs: 300, describe: () => last },
  );
  const retry = { codes: [503], attempts: 2, backoff: "30ms" };
  await applyObjects(
    cluster,
    route("HTTPRoute", "shop", {
      parentRefs: [parentRef(80)],
      rules: [{ backendRefs: [{ name: "one", port: 80 }], retry }],
    }),
  );
  expect(await untilSaid(place, "httproute", "shop", "Programmed=True")).toEqual(inForce);
  expect(await triesOf("/busy/last")).toBe(3);
});

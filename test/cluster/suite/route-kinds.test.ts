/**
 * TLSRoute and TCPRoute end to end, with the experimental channel: what clients get, and what the status says. Their definitions
 * come after Waystone here, as they do for whoever installs them later; and a newer release takes the place of the installed one.
 */
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";
import { releaseNamespace } from "./helm.ts";
import { installGatewayApi, installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { untilSaid } from "./said-status.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { countTries, openTlsShop, shopPort, shopRoute, type TlsShop } from "./tls-shop.ts";
import { applyObjects } from "./waypoint-gateways.ts";

const cluster = suiteCluster();
const namespace = "kinds";
const place = { cluster, namespace };
const late = ["tlsroutes", "tcproutes"];
let authority: TlsShop["authority"];
let shop = "";

beforeAll(async () => {
  await installWaystone(cluster, { channel: "experimental" });
  // Gone again: what comes now comes late.
  await deleteLate();
  ({ authority, address: shop } = await openTlsShop(cluster, namespace));
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

async function deleteLate(): Promise<void> {
  const names = late.map((plural) => `${plural}.gateway.networking.k8s.io`);
  await cluster.kubectl(["delete", "crd", "--ignore-not-found", ...names]);
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

/** What the GatewayClass says of the installed Gateway API. */
async function untilClassSays(words: RegExp): Promise<void> {
  const path = '{.status.conditions[?(@.type=="SupportedVersion")].message}';
  let said = "";
  const ask = async (): Promise<boolean> => {
    said = await cluster.kubectl(["get", "gatewayclass", "waystone-waypoint", "-o", `jsonpath=${path}`]);
    return words.test(said);
  };
  await until(ask, { deadlineMs: 60_000, describe: () => `the GatewayClass says: ${said}` });
}

test("what is not installed is named by the GatewayClass", async () => {
  await untilClassSays(/is supported; not installed, and followed as soon as they are: TLSRoute, TCPRoute$/);
});

test("without TLSRoute and TCPRoute the rest works, and the controllers are ready and well", async () => {
  let said: readonly string[] = [];
  const isAnswered = async (): Promise<boolean> => {
    said = [await askTls("one.example"), await askLine()];
    return said.every((name) => ["one", "two"].includes(name));
  };
  await until(isAnswered, { deadlineMs: 60_000, describe: () => `the ports answer: ${said.join(", ")}` });
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
    timeout: 480_000,
  }, async () => {
    await installGatewayApi(cluster, { channel: "experimental" });
    await untilClassSays(/is supported$/);
    const backend = (name: string): object => ({ backendRefs: [{ name, port: 443 }] });
    await applyObjects(
      cluster,
      shopRoute(namespace, "TLSRoute", "one", {
        parentRefs: [shopPort(443)],
        hostnames: ["one.example"],
        rules: [backend("one")],
      }),
      shopRoute(namespace, "TLSRoute", "two", {
        parentRefs: [shopPort(443)],
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
    const spec = (rules: readonly object[]): object => ({ parentRefs: [shopPort(9000)], rules });
    const weights = [
      { name: "one", port: 9000, weight: 3 },
      { name: "two", port: 9000, weight: 1 },
    ];
    await applyObjects(cluster, shopRoute(namespace, "TCPRoute", "lines", spec([{ backendRefs: weights }])));
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
      shopRoute(namespace, "TCPRoute", "lines", spec([{ backendRefs: [{ name: "gone", port: 9000 }] }])),
    );
    expect(await untilSaid(place, "tcproute", "lines", "Programmed=True")).toEqual([
      "Accepted=True Accepted",
      "ResolvedRefs=False BackendNotFound",
      "Programmed=True Programmed",
    ]);
    expect(await askLine()).toMatch(/^(closed|$)/);
  });

  test("what is deleted with its definition is as if it had never been", async () => {
    await deleteLate();
    await until(async () => ["one", "two"].includes(await askLine()), {
      deadlineMs: 60_000,
      describe: () => "the port is not as it was",
    });
    await until(async () => !(await askTls("three.example")).startsWith("closed: closed"), {
      deadlineMs: 60_000,
      describe: () => "names are still looked at",
    });
    await installGatewayApi(cluster, { channel: "experimental" });
  });
});

test("the definitions of 1.7.0 take the place of 1.6.3's while all is running, and the class says so", {
  timeout: 480_000,
}, async () => {
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
    shopRoute(namespace, "HTTPRoute", "shop", {
      parentRefs: [shopPort(80)],
      rules: [{ backendRefs: [{ name: "one", port: 80 }], retry }],
    }),
  );
  expect(await untilSaid(place, "httproute", "shop", "Programmed=True")).toEqual(inForce);
  expect(await countTries(shop, `/busy/last-${Date.now()}`)).toBe(3);
});

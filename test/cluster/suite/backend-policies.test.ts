/** Policies about backends end to end, with the experimental channel: what they do to requests, and what their status says. */
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { untilSaid } from "./said-status.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { type TlsPodAnswer, tlsPodPorts } from "./tls-pods.ts";
import { countTries, openTlsShop, shopPort, shopRoute, type TlsShop } from "./tls-shop.ts";
import { applyObjects } from "./waypoint-gateways.ts";

const cluster = suiteCluster();
const namespace = "backend-policies";
const place = { cluster, namespace };
let authority: TlsShop["authority"];
let shop = "";

beforeAll(async () => {
  await installWaystone(cluster, { channel: "experimental" });
  ({ authority, address: shop } = await openTlsShop(cluster, namespace));
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

/** What a pod answers, and the cookie that comes with it. */
async function askHttp(
  where: string,
  cookie = "",
): Promise<{ readonly seen: TlsPodAnswer; readonly cookie: string }> {
  const response = await fetch(`http://${shop}${where}`, { headers: { cookie, connection: "close" } });
  const set = response.headers.get("set-cookie") ?? "";
  return { seen: (await response.json()) as TlsPodAnswer, cookie: set.split(";")[0] ?? "" };
}

/** Ten times in a row, on connections of their own: there are two waypoints, and one may have the news before the other. */
async function untilStatus(wanted: number): Promise<void> {
  let last = 0;
  let inARow = 0;
  const ask = async (): Promise<boolean> => {
    last = (await fetch(`http://${shop}/`, { headers: { connection: "close" } })).status;
    inARow = last === wanted ? inARow + 1 : 0;
    return inARow === 10;
  };
  await until(ask, { deadlineMs: 60_000, describe: () => `the answer is ${last}, not ${wanted}` });
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
      shopRoute(namespace, "HTTPRoute", "shop", {
        parentRefs: [shopPort(80)],
        rules: [{ backendRefs: [{ name: "one", port: 80 }], retry }],
      }),
    );
    await untilSaid(place, "httproute", "shop", "Programmed=True");
    // Of a try before, if there was one.
    await cluster.kubectl(["-n", namespace, "delete", "xbackendtrafficpolicy", "--all"]);
    // Each path is asked for once: the pods count.
    let round = Date.now();
    await until(async () => (await countTries(shop, `/busy/${round++}`)) === 3, {
      deadlineMs: 60_000,
      describe: () => "a request is not tried three times",
    });
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
    await until(async () => (await countTries(shop, `/busy/${round++}`)) === 1, {
      deadlineMs: 60_000,
      describe: () => "retries go on as before",
    });
    let tries = 0;
    for (let asked = 0; asked < 20; asked++) tries += await countTries(shop, `/busy/${round++}`);
    // One retry a minute for each worker of two waypoints; 60 tries without the policy.
    expect(tries).toBeLessThanOrEqual(30);
  });

  test("keeps a client with the endpoint that it began with", async () => {
    await applyObjects(
      cluster,
      shopRoute(namespace, "HTTPRoute", "shop", {
        parentRefs: [shopPort(80)],
        rules: [{ backendRefs: [{ name: "shop", port: 80 }] }],
      }),
      policy({
        targetRefs: [{ group: "", kind: "Service", name: "shop" }],
        sessionPersistence: { type: "Cookie" },
      }),
    );
    await untilSaid(place, "xbackendtrafficpolicy", "traffic", "Accepted=True Accepted");
    // Status says that it is accepted, and either of the two waypoints may carry it out before the other.
    const isKept = async (): Promise<boolean> => {
      const first = await askHttp("/");
      for (let asked = 0; asked < 40; asked++) {
        if (first.cookie === "") return false;
        if ((await askHttp("/", first.cookie)).seen.name !== first.seen.name) return false;
      }
      return true;
    };
    await until(isKept, { deadlineMs: 60_000, describe: () => "clients are led now here, now there" });
  });
});

describe("a BackendTLSPolicy", () => {
  const ca = (pem: string): object => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "shop-ca", namespace },
    data: { "ca.crt": pem },
  });

  test("has the backend asked by TLS, its certificate checked, and follows the authority's ConfigMap", async () => {
    const name = "secure";
    const ports = [{ name: "http", port: 80, targetPort: tlsPodPorts.https }];
    const caCertificateRefs = [{ group: "", kind: "ConfigMap", name: "shop-ca" }];
    await cluster.kubectl(["-n", namespace, "delete", "xbackendtrafficpolicy", "--all"]);
    await applyObjects(
      cluster,
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace },
        spec: { selector: { app: "one" }, ports },
      },
      ca(authority.certificate),
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "BackendTLSPolicy",
        metadata: { name, namespace },
        spec: {
          targetRefs: [{ group: "", kind: "Service", name }],
          validation: { hostname: "one.example", caCertificateRefs },
        },
      },
      shopRoute(namespace, "HTTPRoute", "shop", {
        parentRefs: [shopPort(80)],
        rules: [{ backendRefs: [{ name, port: 80 }] }],
      }),
    );
    expect(await untilSaid(place, "backendtlspolicy", name, "Accepted=True")).toEqual(
      expect.arrayContaining(["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"]),
    );
    await untilStatus(200);
    expect((await askHttp("/")).seen).toMatchObject({ name: "one", servername: "one.example" });

    await applyObjects(cluster, ca((await openTestAuthority("another")).certificate));
    await untilStatus(503);
    await applyObjects(cluster, ca(authority.certificate));
    await untilStatus(200);

    await cluster.kubectl(["-n", namespace, "delete", "configmap", "shop-ca"]);
    expect(await untilSaid(place, "backendtlspolicy", name, "Accepted=False")).toEqual(
      expect.arrayContaining([
        "Accepted=False NoValidCACertificate",
        "ResolvedRefs=False InvalidCACertificateRef",
      ]),
    );
    // Fails closed.
    await untilStatus(500);
    await cluster.kubectl(["-n", namespace, "delete", "backendtlspolicy", name]);
  });
});

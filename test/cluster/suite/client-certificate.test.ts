/** A backend that demands a client certificate, and the one that the waypoint's Gateway names: granted, rotated, taken away. */
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { until } from "../until.ts";
import { installWaystone, waystone, uninstallWaystone } from "./installed-waystone.ts";
import { takeBackSecrets } from "./secret-grant.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { type TlsPodAnswer, tlsPod, tlsPodPorts } from "./tls-pods.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "client-certificate";
const account = "system:serviceaccount:waystone-system:waystone-controller";
const authority = await openTestAuthority();
let address = "";

beforeAll(async () => {
  await installWaystone(cluster, { channel: "experimental" });
  await cluster.kubectl(["create", "namespace", namespace]);
  const image = await loadWaystoneImage(cluster);
  const certificate = await authority.issue({ dns: ["vault.example"] });
  const pod = { namespace, name: "vault", image, clientCa: authority.certificate };
  const caCertificateRefs = [{ group: "", kind: "ConfigMap", name: "vault-ca" }];
  await applyObjects(
    cluster,
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "waypoint", namespace },
      spec: {
        gatewayClassName: "waystone-waypoint",
        listeners: [{ name: "mesh", port: 15008, protocol: "HTTP" }],
        tls: { backend: { clientCertificateRef: { name: "waypoint-client" } } },
      },
    },
    ...tlsPod(pod, certificate),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "vault", namespace, annotations: { "waystone.dev/use-waypoint": "waypoint" } },
      spec: {
        selector: { app: "vault" },
        ports: [{ name: "http", port: 80, targetPort: tlsPodPorts.https }],
      },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "vault-ca", namespace },
      data: { "ca.crt": authority.certificate },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "BackendTLSPolicy",
      metadata: { name: "vault", namespace },
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: "vault" }],
        validation: { hostname: "vault.example", caCertificateRefs },
      },
    },
  );
  await untilCaptured(cluster, `${namespace}/vault`, 120_000);
  address = (await getService(cluster, `${namespace}/vault`)).spec?.clusterIP ?? "";
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

async function clientSecret(commonName: string): Promise<object> {
  const { cert, key } = await authority.issue({ commonName, usage: "client" });
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: "waypoint-client", namespace },
    stringData: { "tls.crt": cert, "tls.key": key },
  };
}

/** 200 comes with the client that the backend saw. */
async function untilAnswer(wanted: string): Promise<void> {
  let last = "";
  const ask = async (): Promise<boolean> => {
    const response = await fetch(`http://${address}/`).catch(() => undefined);
    const seen = response?.status === 200 ? ((await response.json()) as TlsPodAnswer).client : "";
    last = `${response?.status ?? "none"} ${seen}`.trim();
    return last === wanted;
  };
  await until(ask, {
    deadlineMs: 60_000,
    everyMs: 200,
    describe: () => `the answer is ${last}, not ${wanted}`,
  });
}

async function untilResolved(reason: string): Promise<string> {
  let last = "";
  return await until(
    async () => {
      const path =
        '{.status.conditions[?(@.type=="ResolvedRefs")].reason} {.status.conditions[?(@.type=="ResolvedRefs")].message}';
      last = await cluster.kubectl(["-n", namespace, "get", "gateway", "waypoint", "-o", `jsonpath=${path}`]);
      return last.startsWith(`${reason} `) && last;
    },
    { deadlineMs: 60_000, describe: () => `ResolvedRefs is ${last}` },
  );
}

test("a client certificate is shown once it is granted, follows its Secret, and is gone with it", {
  timeout: 480_000,
}, async () => {
  onTestFailed(async () => await takeBackSecrets(cluster, namespace));
  await applyObjects(cluster, await clientSecret("first"));
  const said = await untilResolved("RefNotPermitted");
  expect(said).toContain(`waystone grant secrets -n ${namespace} --name waypoint-client`);
  await untilAnswer("503");
  expect(await waystone(cluster, "grant", "secrets", "-n", namespace, "--name", "waypoint-client")).toContain(
    `may read Secret waypoint-client of namespace ${namespace}`,
  );
  await untilAnswer("200 first");
  await untilResolved("ResolvedRefs");
  // The grant is about this one.
  const mayRead = async (secret: string): Promise<string> =>
    (
      await cluster.tryKubectl([
        "-n",
        namespace,
        "auth",
        "can-i",
        "get",
        `secret/${secret}`,
        `--as=${account}`,
      ])
    ).stdout.trim();
  expect([await mayRead("waypoint-client"), await mayRead("vault")]).toEqual(["yes", "no"]);

  await applyObjects(cluster, await clientSecret("second"));
  await untilAnswer("200 second");
  await cluster.kubectl(["-n", namespace, "delete", "secret", "waypoint-client"]);
  await untilAnswer("503");
  await untilResolved("InvalidClientCertificateRef");
  expect(await waystone(cluster, "revoke", "secrets", "-n", namespace)).toContain("may read no Secret");
});

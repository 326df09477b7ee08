import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "@waystone/testkit/manual-clock";
import {
  type FaultyApiServer,
  openFaultyApiServer,
} from "@waystone/testkit/faulty-api-server/faulty-api-server";
import { until } from "@waystone/testkit/within";
import { findCluster } from "../find-cluster.ts";
import type { ApiError } from "./api-error.ts";
import { fileCredential } from "./file-credential.ts";
import { inClusterConfig } from "./in-cluster-config.ts";
import { openTransport } from "./open-transport.ts";
import type { Transport } from "./transport.ts";
import { type CredentialSource, fixedCredential, type TlsMaterial } from "./transport-config.ts";

const pem = (name: string): string =>
  readFileSync(new URL(`./testdata/${name}.pem`, import.meta.url), "utf8");
const anonymous = fixedCredential({ tls: {} });
const pods = "/api/v1/namespaces/shop/pods";

let clock: ManualClock;
let server: FaultyApiServer;
let folder: string;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  server = await openFaultyApiServer({ clock });
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-kube-"));
  closing.push(
    () => rm(folder, { recursive: true }),
    () => server.close(),
  );
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function open(options: { url?: string; credentials?: CredentialSource; proxyUrl?: string } = {}): Transport {
  const { url = server.url, credentials = anonymous, proxyUrl } = options;
  const transport = openTransport({ server: url, namespace: "shop", credentials, proxyUrl }, { clock });
  closing.push(() => transport.close());
  return transport;
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  return await promise.then(
    () => expect.fail("it should have failed"),
    (thrown: unknown) => thrown as ApiError,
  );
}

describe("an answer that is no success", () => {
  test("has the server's status, reason, message and time", async () => {
    const error = await failure(open().request({ path: `${pods}/none` }));
    expect(error).toMatchObject({ name: "ApiError", status: 404, reason: "NotFound" });
    expect(error.message).toBe(`GET ${pods}/none: pods "none" not found`);
    server.faults.add("list", { type: "status", status: 429, reason: "TooManyRequests", retryAfterS: 7 });
    expect(await failure(open().request({ path: pods }))).toMatchObject({ status: 429, retryAfterMs: 7000 });
  });

  test("is named by its status where a proxy in between answers in its own words", async () => {
    const proxy = http.createServer((_request, response) =>
      response.writeHead(502).end("<h1>bad gateway</h1>"),
    );
    const url = await listen(proxy);
    expect(await failure(open({ url }).request({ path: pods }))).toMatchObject({
      status: 502,
      reason: "InternalError",
      message: `GET ${pods}: the API server answered 502: <h1>bad gateway</h1>`,
    });
  });

  test.for([
    ["half an answer", { type: "half" }, "Unreachable"],
    ["HTML with 200", { type: "html" }, "Malformed"],
    ["a reset", { type: "reset" }, "Unreachable"],
  ] as const)("%s has status 0", async ([, fault, reason]) => {
    server.faults.add("list", fault);
    expect(await failure(open().request({ path: pods }))).toMatchObject({ status: 0, reason });
  });

  test("that never comes is given up by the clock", async () => {
    server.faults.add("list", { type: "hang" });
    const asked = failure(open().request({ path: pods, timeoutMs: 5_000 }));
    await until(() => server.seen.length === 1, "it is asked");
    clock.advance(5_000);
    expect(await asked).toMatchObject({ status: 0, reason: "TimedOut" });
    expect(clock.pending).toBe(0);
  });

  test("that is too long is an error, not memory", async () => {
    for (let at = 0; at < 10; at++) server.put("pods", { metadata: { name: `p${at}`, namespace: "shop" } });
    expect(await failure(open().request({ path: pods, limitBytes: 100 }))).toMatchObject({
      reason: "Malformed",
    });
  });

  test("nothing listens: says so and asks whether the address is right", async () => {
    await server.close();
    const error = await failure(open().request({ path: "/version" }));
    expect(error).toMatchObject({ status: 0, reason: "Unreachable" });
    expect(error.message).toContain("nothing listens there");
    server = await openFaultyApiServer({ clock });
  });

  test("closing ends what is under way", async () => {
    server.faults.add("list", { type: "hang" });
    const transport = open();
    const asked = failure(transport.request({ path: pods }));
    await until(() => server.seen.length === 1, "it is asked");
    await transport.close();
    expect(await asked).toMatchObject({ status: 0, reason: "Aborted" });
    expect(clock.pending).toBe(0);
  });
});

test("a credential that can't be had is an error of its own, not one of the server's", async () => {
  const credentials = {
    read: () => Promise.reject(new Error("login: ended with exit code 3")),
    discard() {},
  };
  expect(await failure(open({ credentials }).request({ path: pods }))).toMatchObject({
    status: 0,
    reason: "NoCredential",
    message: `GET ${pods}: login: ended with exit code 3`,
  });
});

describe("a path before the API's", () => {
  test("is kept, as behind a gateway of clusters", async () => {
    await open({ url: `${server.url}/k8s/clusters/one/` })
      .request({ path: "/version" })
      .catch(() => {});
    expect(server.seen[0]?.path).toBe("/k8s/clusters/one/version");
  });
});

describe("a token in a file", () => {
  test("is read again after a minute, and survives a moment without the file", async () => {
    const token = path.join(folder, "token");
    await writeFile(token, "one\n");
    const transport = open({ credentials: fileCredential({ files: { token }, clock }) });
    await transport.request({ path: "/version" });
    await writeFile(token, "two\n");
    await transport.request({ path: "/version" });
    clock.advance(60_000);
    await transport.request({ path: "/version" });
    await rm(token);
    clock.advance(60_000);
    await transport.request({ path: "/version" });
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([
      "Bearer one",
      "Bearer one",
      "Bearer two",
      "Bearer two",
    ]);
  });

  test("is read again at once after a 401, and the request asked once more", async () => {
    const token = path.join(folder, "token");
    await writeFile(token, "old");
    server.tokens = new Set(["old"]);
    const transport = open({ credentials: fileCredential({ files: { token }, clock }) });
    await transport.request({ path: "/version" });
    await writeFile(token, "new");
    server.tokens = new Set(["new"]);
    await transport.request({ path: "/version" });
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([
      "Bearer old",
      "Bearer old",
      "Bearer new",
    ]);
    server.tokens = new Set();
    expect(await failure(transport.request({ path: "/version" }))).toMatchObject({ status: 401 });
  });
});

describe("in a pod", () => {
  test("the address, the namespace and the files are found", async () => {
    await writeFile(path.join(folder, "token"), "pod-token");
    await writeFile(path.join(folder, "ca.crt"), pem("ca"));
    await writeFile(path.join(folder, "namespace"), "waystone-system\n");
    const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const config = inClusterConfig({ environment, clock, folder });
    expect(config).toMatchObject({ server: "https://[fd00::1]:443", namespace: "waystone-system" });
    expect(await config?.credentials.read()).toMatchObject({
      authorization: "Bearer pod-token",
      tls: { ca: pem("ca") },
    });
  });

  test("without a service account the error says what is missing", () => {
    const environment = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(() => inClusterConfig({ environment, clock, folder })).toThrow(/automountServiceAccountToken/);
  });

  test("and elsewhere, without a kubeconfig, one line says that there is no cluster", async () => {
    await expect(findCluster({ environment: { HOME: folder }, clock })).rejects.toThrow(
      /^no cluster to talk to/,
    );
  });
});

describe("TLS", () => {
  async function openTls(): Promise<{ url: string; clients: (string | undefined)[] }> {
    const clients: (string | undefined)[] = [];
    const options = { key: pem("server-key"), cert: pem("server"), ca: pem("ca"), requestCert: true };
    const tls = https.createServer({ ...options, rejectUnauthorized: false }, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      clients.push(typeof subject?.CN === "string" ? subject.CN : undefined);
      response.end("{}");
    });
    return { url: (await listen(tls)).replace("http:", "https:"), clients };
  }

  test.for<[string, TlsMaterial, boolean]>([
    ["is trusted by the authority named", { ca: pem("ca") }, true],
    ["is not trusted by the system's authorities", {}, false],
    ["is not checked where that is asked for", { insecureSkipVerify: true }, true],
    ["is checked for another name", { ca: pem("ca"), serverName: "kubernetes.default.svc" }, true],
    ["is refused for a wrong name", { ca: pem("ca"), serverName: "example.com" }, false],
  ])("the server %s", async ([, tls, isGood]) => {
    const { url } = await openTls();
    const asked = open({ url, credentials: fixedCredential({ tls }) }).request({ path: "/version" });
    if (isGood) expect(await asked).toEqual({});
    else expect(await failure(asked)).toMatchObject({ status: 0, reason: "Unreachable" });
  });

  test("a certificate of ours is shown, and a new one in the files opens a new connection", async () => {
    const { url, clients } = await openTls();
    const files = { certificate: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key") };
    await writeFile(files.certificate, pem("client"));
    await writeFile(files.key, pem("client-key"));
    const credentials = fileCredential({ files, base: { tls: { ca: pem("ca") } }, clock });
    const transport = open({ url, credentials });
    await transport.request({ path: "/version" });
    await writeFile(files.certificate, pem("server"));
    await writeFile(files.key, pem("server-key"));
    clock.advance(60_000);
    await transport.request({ path: "/version" });
    expect(clients).toEqual(["client", "server"]);
  });

  test("goes through a proxy", async () => {
    const { url } = await openTls();
    const asked: string[] = [];
    const proxy = http.createServer();
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      const [host, port] = (request.url ?? "").split(":");
      const upstream = net.connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    const proxyUrl = await listen(proxy);
    const transport = open({ url, proxyUrl, credentials: fixedCredential({ tls: { ca: pem("ca") } }) });
    expect(await transport.request({ path: "/version" })).toEqual({});
    expect(asked).toEqual([new URL(url).host]);
  });
});

async function listen(toOpen: http.Server): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  toOpen.listen(0, "127.0.0.1", resolve);
  await promise;
  closing.push(async () => {
    const closed = Promise.withResolvers<void>();
    toOpen.close(() => closed.resolve());
    toOpen.closeAllConnections();
    await closed.promise;
  });
  return `http://127.0.0.1:${(toOpen.address() as AddressInfo).port}`;
}

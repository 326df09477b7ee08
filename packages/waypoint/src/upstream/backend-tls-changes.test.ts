/**
 * TLS to backends while policies come, change and go: which one holds, and that connections and sessions are never shared
 * across policies.
 */
import { once } from "node:events";
import type { BackendTlsResource } from "@waystone/api/resources";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { backendTlsResource } from "../testing/backend-tls-resource.ts";
import { backendName as name, useBackendTls } from "../testing/backend-tls-rig.ts";
import { pooledConnections } from "../testing/exchange-rig.ts";
import type { TlsEndpoint } from "../testing/tls-endpoint.ts";

const backends = useBackendTls();
const { rig, endpoint, trusting, planeTo, ask } = backends;

describe("connections and sessions", () => {
  /** Ends idle connections, so that the next request needs a handshake. */
  async function closeIdle(backend: TlsEndpoint): Promise<void> {
    const socket = backend.sockets.at(-1)!;
    socket.end();
    if (!socket.destroyed) await once(socket, "close");
  }

  test.for(["TLSv1.2", "TLSv1.3"] as const)(
    "a later connection resumes the session (%s)",
    async (maxVersion) => {
      const backend = await endpoint(undefined, { maxVersion });
      const plane = await planeTo(backend);
      for (let i = 0; i < 3; i++) {
        expect(await ask(plane)).toBe(200);
        await closeIdle(backend);
        await until(() => pooledConnections(plane) === 0, "the connection has gone");
      }
      expect(backend.resumed).toEqual([false, true, true]);
    },
  );

  test("a session is not used under another policy, nor a connection: everything is checked anew", async () => {
    const backend = await endpoint();
    const plane = await planeTo(backend);
    expect(await ask(plane)).toBe(200);
    plane.apply([backendTlsResource(trusting({ hostname: "other.test" }))]);
    expect(await ask(plane)).toBe(503);
    plane.apply([backendTlsResource(trusting())]);
    expect(await ask(plane)).toBe(200);
    expect(backend.resumed).not.toContain(true);
  });

  test("a policy that says the same in another version keeps its connections", async () => {
    const backend = await endpoint();
    const plane = await planeTo(backend);
    expect(await ask(plane)).toBe(200);
    plane.apply([backendTlsResource(trusting(), { generation: 2 })]);
    expect(await ask(plane)).toBe(200);
    expect(backend.sockets.length).toBe(1);
  });

  test("two Services at one address under two policies share nothing", async () => {
    const backend = await endpoint({ dns: [name, "other.test"] });
    const plane = await planeTo(backend);
    const other = await planeTo(backend, trusting({ hostname: "other.test" }));
    expect([await ask(plane), await ask(other)]).toEqual([200, 200]);
    expect(new Set(backend.sockets.map(({ servername }) => servername))).toEqual(
      new Set([name, "other.test"]),
    );
    expect(backend.resumed).toEqual([false, false]);
  });
});

describe("which policy holds", () => {
  const web = { kind: "Service", name: "shop/web" };

  test("without one there is no TLS, and with its removal none again", async () => {
    const backend = await endpoint();
    const resource = backendTlsResource(trusting());
    const plane = await rig.openPlane({ endpoints: [backend.address] });
    expect(await ask(plane)).not.toBe(200);
    plane.apply([resource]);
    expect(await ask(plane)).toBe(200);
    plane.apply([], [resource]);
    expect(await ask(plane)).not.toBe(200);
  });

  test("that of the port before that of the Service, then the older, then the name", async () => {
    const backend = await endpoint();
    const wrong = trusting({ hostname: "wrong.test" });
    const plane = await planeTo(backend, wrong);
    const right = (more: object, target: object = web) =>
      backendTlsResource(trusting(), { name: "x", targets: [target], ...more });
    plane.apply([right({})]);
    expect(await ask(plane)).toBe(503);
    plane.apply([right({}, { ...web, section: "main" })]);
    expect(await ask(plane)).toBe(200);
    plane.apply([right({}, { ...web, section: "elsewhere" })]);
    expect(await ask(plane)).toBe(503);
    plane.apply([right({ name: "a" })]);
    expect(await ask(plane)).toBe(200);
  });

  test("one that is unusable: the client gets 500, and no connection is opened", async () => {
    const backend = await endpoint();
    const plane = await planeTo(backend, trusting());
    expect(await ask(plane)).toBe(200);
    plane.apply([backendTlsResource(trusting(), { unusable: ["ConfigMap shop/ca does not exist"] })]);
    expect(await ask(plane)).toBe(500);
    expect(backend.reached()).toBe(1);
    expect((await plane.lines(2))[1]).toMatchObject({
      response_flags: "NC",
      response_code_details: "backend-tls-unusable",
      upstream_transport_failure_reason: "BackendTLSPolicy/shop/tls: ConfigMap shop/ca does not exist",
    });
  });

  test.for<[string, BackendTlsResource, RegExp]>([
    ["a hostname that is an address", { hostname: "127.0.0.1" }, /hostname "127.0.0.1" is no DNS name/],
    ["no hostname", { hostname: "" }, /hostname "" is no DNS name/],
    ["a CA that cannot be read", { caCertificates: ["nonsense"] }, /CA certificate 1 cannot be read/],
    ["nothing that is trusted", { caCertificates: [] }, /trusts neither/],
  ])(
    "%s is refused; its first version shuts the backend (500), a later one leaves the one before",
    async ([, bad, reason]) => {
      const backend = await endpoint();
      const plane = await planeTo(backend);
      expect(() => plane.apply([backendTlsResource(trusting(bad), { generation: 2 })])).toThrow(reason);
      expect(await ask(plane)).toBe(200);
      plane.apply([], [backendTlsResource(trusting())]);
      expect(() => plane.apply([backendTlsResource(trusting(bad))])).toThrow(reason);
      expect(await ask(plane)).toBe(500);
    },
  );
});

test("a handshake that fails is a connection that failed: another endpoint is tried, whatever the method", async () => {
  const bad = await endpoint({ dns: ["wrong.test"] });
  const port = Number(bad.address.split(":")[1]);
  const good = await endpoint(undefined, { host: "127.0.0.2", port });
  const plane = await rig.openPlane({
    endpoints: [bad.address, good.address],
    more: [backendTlsResource(trusting())],
  });
  for (let i = 0; i < 10; i++) {
    const client = await rig.openClient(plane);
    await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    expect((await client.readResponse()).status).toBe(200);
  }
  expect(bad.reached()).toBeGreaterThan(0);
});

test("the CA changes while requests run: none fails", async () => {
  const certificates = [
    await backends.authority.issue({ dns: [name] }),
    await backends.stranger.issue({ dns: [name] }),
  ];
  const backend = await endpoint(undefined, certificates[0]);
  const both = [backends.authority.certificate, backends.stranger.certificate];
  const plane = await planeTo(backend);
  const statuses: number[] = [];
  const over = new AbortController();
  const clients = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) statuses.push(await ask(plane));
  });
  const some = async (): Promise<void> => {
    const from = statuses.length;
    await until(() => statuses.length > from + 20, "20 more answers");
  };
  await some();
  plane.apply([backendTlsResource(trusting({ caCertificates: both }))]);
  await some();
  backend.server.setSecureContext(certificates[1]!);
  await some();
  plane.apply([backendTlsResource(trusting({ caCertificates: [backends.stranger.certificate] }))]);
  await some();
  over.abort();
  await Promise.all(clients);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  const shown = backend.sockets.map((socket) => socket.getCertificate());
  expect(shown.length).toBeGreaterThan(1);
});

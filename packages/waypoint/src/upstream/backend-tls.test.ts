/**
 * TLS to backends, on real servers: which certificates are good (RFC 9525, Gateway API BackendTLSPolicy), and what the client and
 * the log get where one is not, or where an endpoint does not do its part.
 */
import { once } from "node:events";
import net from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import type { BackendTlsResource } from "@waystone/api/resources";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { issueSelfSigned, type TestCertificateOptions } from "@waystone/testkit/test-authority";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { backendName as name, useBackendTls } from "../testing/backend-tls-rig.ts";
import type { RigPlane } from "../testing/exchange-rig.ts";

const backends = useBackendTls();
const { rig, endpoint, trusting, planeTo, ask, keep } = backends;

/** What the client got and what the log says of it. */
async function outcome(plane: RigPlane): Promise<readonly unknown[]> {
  const status = await ask(plane);
  const [line] = await plane.lines(1);
  return [
    status,
    line!["response_flags"],
    line!["response_code_details"],
    line!["upstream_transport_failure_reason"],
  ];
}

const refused = (words: RegExp): readonly unknown[] => [
  503,
  "UF",
  "backend-tls",
  expect.stringMatching(words),
];

describe("a certificate that fits", () => {
  test.for<[string, TestCertificateOptions, BackendTlsResource]>([
    ["is for the hostname, in any case of letters", { dns: ["Backend.TEST"] }, {}],
    ["has it among other names", { dns: ["other.test", name] }, {}],
    [
      "has a wildcard for the left-most label (RFC 9525 6.3)",
      { dns: ["*.shop.test"] },
      { hostname: "web.shop.test" },
    ],
    [
      "is for one of the subjectAltNames, and then the hostname is SNI alone",
      { dns: ["other.test"] },
      { subjectAltNames: [{ hostname: "nobody.test" }, { hostname: "other.test" }] },
    ],
    [
      "is for a URI of them",
      { uris: ["spiffe://cluster.local/ns/shop/sa/web"] },
      { subjectAltNames: [{ uri: "spiffe://cluster.local/ns/shop/sa/web" }] },
    ],
    [
      "is for a name under a wildcard of them",
      { dns: ["a.shop.test"] },
      { subjectAltNames: [{ hostname: "*.shop.test" }] },
    ],
  ])("%s", async ([, certificate, tls]) => {
    const backend = await endpoint(certificate);
    const plane = await planeTo(backend, trusting(tls));
    expect(await ask(plane)).toBe(200);
    expect(backend.sockets[0]!.servername).toBe(tls.hostname ?? name);
  });
});

describe("a certificate that does not fit: 503, and the log says why", () => {
  test.for<[string, TestCertificateOptions, BackendTlsResource, RegExp]>([
    ["of another name", { dns: ["other.test"] }, {}, /is for DNS:other.test, and not for backend.test/],
    ["whose CN alone is right (RFC 9525 2)", { commonName: name }, {}, /is for no name/],
    [
      "with a wildcard that would stand for two labels",
      { dns: ["*.test"] },
      { hostname: "a.b.test" },
      /not for a.b.test/,
    ],
    [
      "with a wildcard for part of a label",
      { dns: ["w*.shop.test"] },
      { hostname: "web.shop.test" },
      /not for web/,
    ],
    [
      "with a wildcard in another place",
      { dns: ["web.*.test"] },
      { hostname: "web.shop.test" },
      /not for web/,
    ],
    [
      "with the bare domain of a wildcard",
      { dns: ["*.shop.test"] },
      { hostname: "shop.test" },
      /not for shop/,
    ],
    [
      "for the hostname, where the subjectAltNames say another",
      { dns: [name] },
      { subjectAltNames: [{ hostname: "other.test" }] },
      /not for other.test/,
    ],
    [
      "with a URI that merely begins alike",
      { uris: ["spiffe://a/b/c"] },
      { subjectAltNames: [{ uri: "spiffe://a/b" }] },
      /not for spiffe/,
    ],
    [
      "with a DNS name that is written like a URI entry (CVE-2021-44532)",
      { dns: ["a.test, URI:spiffe://a/b"] },
      { subjectAltNames: [{ uri: "spiffe://a/b" }] },
      /not for spiffe/,
    ],
    ["that has expired", { dns: [name], notAfter: new Date(Date.now() - 1000) }, {}, /has expired/],
    [
      "that is not valid yet",
      { dns: [name], notBefore: new Date(Date.now() + 3_600_000) },
      {},
      /not valid yet/,
    ],
    ["that is for clients alone", { dns: [name], usage: "client" }, {}, /may not be used by a server/],
  ])("%s", async ([, certificate, tls, words]) => {
    const backend = await endpoint(certificate);
    expect(await outcome(await planeTo(backend, trusting(tls)))).toEqual(refused(words));
    expect(backend.sockets.every(({ bytesRead }) => bytesRead === 0)).toBe(true);
  });

  test("of an authority that the policy does not trust", async () => {
    const backend = await endpoint();
    const tls = trusting({ caCertificates: [backends.stranger.certificate] });
    expect(await outcome(await planeTo(backend, tls))).toEqual(refused(/does not trust/));
  });

  test("signed by itself", async () => {
    const own = await issueSelfSigned({ dns: [name] });
    const backend = await endpoint({}, own);
    expect(await outcome(await planeTo(backend))).toEqual(refused(/self-signed/));
    const pinned = await planeTo(backend, trusting({ caCertificates: [own.cert] }));
    expect(await ask(pinned)).toBe(200);
  });

  test("that no root of Node's own signed, where the policy trusts the system's", async () => {
    const backend = await endpoint();
    const tls = { hostname: name, systemRoots: true };
    expect(await outcome(await planeTo(backend, tls))).toEqual(refused(/does not trust|not one that/));
  });
});

describe("an endpoint that does not do its part: 503, and the log says why", () => {
  test("TLS 1.1 at most", async () => {
    const backend = await endpoint(undefined, {
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    expect(await outcome(await planeTo(backend))).toEqual(refused(/no TLS from 1.2 on/));
  });

  test("TLS 1.2 is enough", async () => {
    const backend = await endpoint(undefined, { maxVersion: "TLSv1.2" });
    expect(await ask(await planeTo(backend))).toBe(200);
  });

  test("asks for a client certificate that there is none of", async () => {
    const backend = await endpoint(undefined, {
      requestCert: true,
      rejectUnauthorized: true,
      ca: backends.authority.certificate,
      maxVersion: "TLSv1.2",
    });
    expect(await outcome(await planeTo(backend))).toEqual(refused(/client certificate/));
  });

  test("speaks no TLS at all", async () => {
    const backend = await rig.openUpstream({
      readsHttp: false,
      onConnection: (c) => c.write("hello there\r\n"),
    });
    const to = { address: `127.0.0.1:${backend.port}` };
    expect(await outcome(await planeTo(to))).toEqual(refused(/does not speak TLS/));
  });

  test("closes within the handshake", async () => {
    const server = net.createServer((socket) => socket.once("data", () => socket.destroy()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    keep({ close: () => void server.close() });
    const to = { address: `127.0.0.1:${(server.address() as net.AddressInfo).port}` };
    expect(await outcome(await planeTo(to))).toEqual(
      refused(/closed the connection during the TLS handshake/),
    );
  });

  test("stalls within the handshake: no longer than the time to connect", async () => {
    const clock = new ManualClock();
    const backend = await rig.openUpstream({ readsHttp: false });
    const to = { address: `127.0.0.1:${backend.port}` };
    const plane = await planeTo(to, trusting(), { clock });
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await backend.connection();
    await until(() => backend.bytes.length > 0, "the ClientHello is there");
    clock.advance(60_000);
    expect((await client.readResponse()).status).toBe(504);
    expect(await plane.lines(1)).toMatchObject([{ response_code_details: "connect-timeout" }]);
  });

  test("is not there: that is no matter of TLS", async () => {
    const gone = await endpoint();
    await gone.close();
    expect(await outcome(await planeTo(gone))).toEqual([503, "UF", "connect-failed", expect.anything()]);
  });
});

describe("ALPN says what the codec speaks", () => {
  test("http/1.1 to a port that is declared HTTP", async () => {
    const backend = await endpoint(undefined, { ALPNProtocols: ["h2", "http/1.1"] });
    expect(await ask(await planeTo(backend))).toBe(200);
    expect(backend.sockets[0]!.alpnProtocol).toBe("http/1.1");
  });

  test.for(["http2", "grpc"] as const)("h2 to a port that is declared %s", async (protocol) => {
    const backend = await endpoint(undefined, {}, "h2");
    expect(await ask(await planeTo(backend, trusting(), { protocol }))).toBe(200);
    expect(backend.sockets[0]!.alpnProtocol).toBe("h2");
  });

  test("a server that knows no ALPN speaks no HTTP/2", async () => {
    const server = createServer(await backends.authority.issue({ dns: [name] }), (socket) =>
      socket.on("error", () => {}),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    keep({ close: () => void server.close() });
    const to = { address: `127.0.0.1:${(server.address() as net.AddressInfo).port}` };
    const plane = await planeTo(to, trusting(), { protocol: "http2" });
    expect(await outcome(plane)).toEqual(refused(/no HTTP\/2 over TLS there/));
  });

  test("a server that has other protocols alone refuses, and is heard", async () => {
    const backend = await endpoint(undefined, { ALPNProtocols: ["http/1.1"] });
    const plane = await planeTo(backend, trusting(), { protocol: "http2" });
    expect(await outcome(plane)).toEqual(refused(/ALPN/));
  });
});

describe("TCP through TLS", () => {
  test("what a client says in plain arrives through TLS, both ways, with both ends", async () => {
    const server = createServer(
      { ...(await backends.authority.issue({ dns: [name] })), allowHalfOpen: true } as TlsOptions,
      (socket) => {
        socket.on("error", () => {});
        socket.on("data", (bytes: Buffer) => socket.write(bytes.toString().toUpperCase()));
        socket.on("end", () => socket.end());
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    keep({ close: () => void server.close() });
    const to = { address: `127.0.0.1:${(server.address() as net.AddressInfo).port}` };
    const plane = await planeTo(to, trusting(), { protocol: "tcp" });
    const socket = net.connect({ port: plane.port, host: "127.0.0.1", allowHalfOpen: true });
    let got = "";
    socket.on("data", (bytes: Buffer) => {
      got += bytes.toString();
    });
    socket.write("hello");
    await until(() => got === "HELLO", "the answer is there");
    socket.end();
    await once(socket, "close");
    expect(await plane.lines(1)).toMatchObject([{ response_flags: "-", bytes_received: 5, bytes_sent: 5 }]);
  });

  test("a certificate that does not fit resets the client", async () => {
    const backend = await endpoint({ dns: ["other.test"] });
    const plane = await planeTo(backend, trusting(), { protocol: "tcp" });
    const socket = net.connect({ port: plane.port, host: "127.0.0.1" });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
    expect(await plane.lines(1)).toMatchObject([{ response_flags: "UF" }]);
  });
});

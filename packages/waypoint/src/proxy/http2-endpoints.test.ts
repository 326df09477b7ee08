/** Requests to endpoints that speak HTTP/2, from clients of either version: what passes, on how many connections, and what is sent again. */
import { randomBytes } from "node:crypto";
import type { ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer } from "node:net";
import { seededRng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until, within } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { pooledConnections, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { headers, settings } from "../http/h2/testdata/frames.ts";
import { openPeerServer } from "../http/h2/testdata/raw-peer.ts";
import { serviceResource } from "../testing/open-test-plane.ts";
import { askHttp2, echo, useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();

describe("HTTP/2 to HTTP/2", () => {
  test.for([0, 1, 16_384, 65_536, 1_000_000])("%i bytes come back as they went", async (size) => {
    const endpoint = await peers.endpoint(echo);
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const body = randomBytes(size);
    const answer = await askHttp2(peers.client(plane.port), { ":method": "POST", ":path": "/a" }, { body });
    expect([answer.status, answer.headers["x-path"], answer.body.equals(body)]).toEqual([200, "/a", true]);
  });

  test("trailers pass both ways [R07]", async () => {
    const endpoint = await peers.endpoint(echo);
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const answer = await askHttp2(
      peers.client(plane.port),
      { ":method": "POST", te: "trailers" },
      { body: Buffer.from("x"), trailers: { checksum: "abc" } },
    );
    expect([answer.trailers["checksum"], endpoint.heads[0]?.["te"]]).toEqual(["abc", "trailers"]);
  });

  test("requests of many clients share a connection, and each of a client's can go to another endpoint", async () => {
    const one = await peers.endpoint(echo);
    const two = await peers.endpoint(echo, { host: "127.0.0.2", port: one.port });
    const endpoints = [one.key, two.key];
    // Where each is answered before the next is read, chance alone decides.
    const plane = await rig.openPlane({ protocol: "http2", endpoints, rng: seededRng(1) });
    const client = peers.client(plane.port);
    await Promise.all(Array.from({ length: 60 }, async () => await askHttp2(client)));
    const other = peers.client(plane.port);
    await askHttp2(other);
    expect([one.sessions.length, two.sessions.length]).toEqual([1, 1]);
    expect(one.heads.length).toBeGreaterThan(20);
    expect(two.heads.length).toBeGreaterThan(20);
  });

  test("an endpoint gets no more streams on a connection than it allows, and more connections after that", async () => {
    const held: ServerHttp2Stream[] = [];
    const endpoint = await peers.endpoint((stream) => held.push(stream), {
      settings: { maxConcurrentStreams: 5 },
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const client = peers.client(plane.port);
    const answers = Array.from({ length: 12 }, async () => await askHttp2(client));
    await until(() => held.length === 12, "all are upstream");
    expect([endpoint.sessions.length, pooledConnections(plane)]).toEqual([3, 3]);
    for (const stream of held) stream.respond({ ":status": 204 }, { endStream: true });
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(12).fill(204));
  });

  test("a client that resets a request has it reset at the endpoint [R09]", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const endpoint = await peers.endpoint((stream) => {
      stream.on("close", () => resolve(stream.rstCode));
      stream.respond();
      stream.write("x");
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const stream = peers.client(plane.port).request({});
    stream.on("error", () => {});
    stream.once("data", () => stream.close(8));
    expect(await within(promise, "the reset")).toBe(8);
    const [line] = await plane.lines(1);
    expect([line?.["response_flags"], line?.["response_code"]]).toEqual(["DC", 200]);
  });

  test("an endpoint that resets its answer has the client's reset", async () => {
    const endpoint = await peers.endpoint((stream) => {
      stream.respond();
      // Node's own close() would end the answer first.
      stream.write("x", () => stream.destroy(new Error("the test's")));
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    await expect(askHttp2(peers.client(plane.port))).rejects.toThrow("NGHTTP2_INTERNAL_ERROR");
  });

  test("what is not an answer is a 502, and nothing of it passes [R02]", async () => {
    const endpoint = await peers.endpoint((stream) =>
      stream.respond({ "content-length": "5" }, { endStream: true }),
    );
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    expect((await askHttp2(peers.client(plane.port))).status).toBe(502);
  });
});

describe("over a change of version", () => {
  test("HTTP/1.1 to HTTP/2: body, trailers and host, and the answer's framing", async () => {
    const endpoint = await peers.endpoint(echo);
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const client = await rig.openClient(plane);
    await client.send(
      "POST /up HTTP/1.1\r\nHost: Shop.Example\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nX-Kept: 1\r\n" +
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nchecksum: q\r\n\r\n",
    );
    const answer = await client.readResponse();
    expect([answer.status, answer.body.toString()]).toEqual([200, "abc"]);
    const [head] = endpoint.heads;
    expect([head?.[":authority"], head?.[":path"], head?.[":scheme"], head?.["x-kept"]]).toEqual([
      "Shop.Example",
      "/up",
      "http",
      "1",
    ]);
    expect([head?.["x-hop"], head?.["keep-alive"], head?.["transfer-encoding"], head?.["host"]]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("HTTP/1.0 without a Host gets the Service's name, and its answer ends with the connection", async () => {
    const endpoint = await peers.endpoint(echo);
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.0\r\n\r\n");
    expect((await client.readResponse()).status).toBe(200);
    expect(endpoint.heads[0]?.[":authority"]).toBe("web.shop.svc.cluster.local");
  });

  test("an Upgrade is not passed to HTTP/2, where it means nothing [U04]", async () => {
    const endpoint = await peers.endpoint(echo);
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const client = await rig.openClient(plane);
    await client.send(
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
    );
    expect((await client.readResponse()).status).toBe(200);
    expect([endpoint.heads[0]?.["upgrade"], endpoint.heads[0]?.["http2-settings"]]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("HEAD and 204 have no body either way", async () => {
    const endpoint = await peers.endpoint((stream, headers) => {
      if (headers[":method"] === "HEAD") stream.respond({ "content-length": "7" }, { endStream: true });
      else stream.respond({ ":status": 204 }, { endStream: true });
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const client = await rig.openClient(plane);
    await client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => client.received.includes("\r\n\r\n"), "the head");
    expect(client.received.toString().toLowerCase()).toContain("content-length: 7");
    const other = await rig.openClient(plane);
    await other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    expect((await other.readResponse()).status).toBe(204);
  });
});

describe("what an endpoint refused unseen is sent again, whatever it is [R08]", () => {
  test("a POST whose stream is refused goes to another endpoint", async () => {
    const full = await peers.endpoint((stream) => stream.close(7));
    const free = await peers.endpoint(echo, { host: "127.0.0.2", port: full.port });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [full.key, free.key] });
    const client = peers.client(plane.port);
    const body = Buffer.from("order");
    for (let i = 0; i < 20; i++) {
      const answer = await askHttp2(client, { ":method": "POST" }, { body });
      expect([answer.status, answer.body.toString()]).toEqual([200, "order"]);
    }
    expect(full.heads.length).toBeGreaterThan(0);
  });

  test("after two refusals the client hears of it", async () => {
    const full = await peers.endpoint((stream) => stream.close(7));
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [full.key] });
    const answer = await askHttp2(
      peers.client(plane.port),
      { ":method": "POST" },
      { body: Buffer.from("x") },
    );
    expect([answer.status, full.heads.length]).toEqual([503, 3]);
  });

  test("a stream that is reset otherwise is not: it may have been acted upon", async () => {
    const broken = await peers.endpoint((stream) => stream.close(2));
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [broken.key] });
    const client = peers.client(plane.port);
    await askHttp2(client);
    await askHttp2(client, { ":method": "POST" }, { body: Buffer.from("x") });
    expect(broken.heads.length).toBe(2);
  });

  test("while an endpoint goes over and over (GOAWAY), no request fails and none is sent twice", async () => {
    const seen = new Set<string>();
    let twice = 0;
    const endpoint = await peers.endpoint((stream, headers) => {
      const id = String(headers["x-id"]);
      if (seen.has(id)) twice++;
      seen.add(id);
      stream.respond({ ":status": 200 });
      stream.resume();
      stream.on("end", () => stream.end("ok"));
      if (seen.size % 25 === 0) endpoint.sessions.at(-1)?.close();
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const client = peers.client(plane.port);
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(
        Array.from(
          { length: 20 },
          async (_, i) =>
            await askHttp2(
              client,
              { ":method": "POST", "x-id": `${round}.${i}` },
              { body: Buffer.from("x") },
            ),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    }
    expect([seen.size, twice, endpoint.sessions.length > 10]).toEqual([400, 0, true]);
  });

  test("who answers in HTTP/1.1 is not connected to, which is a connect failure", async () => {
    const old = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    });
    await new Promise<void>((resolve) => old.listen(0, "127.0.0.1", resolve));
    const { port } = old.address() as AddressInfo;
    const plane = await rig.openPlane({ protocol: "grpc", endpoints: [`127.0.0.1:${port}`] });
    expect((await askHttp2(peers.client(plane.port))).status).toBe(503);
    const [line] = await plane.lines(1);
    expect([line?.["response_flags"], line?.["response_code_details"]]).toEqual(["UF", "connect-failed"]);
    old.close();
  });
});

test("a port that becomes HTTP/2 has its endpoints spoken to in HTTP/2 from then on", async () => {
  const endpoint = await peers.endpoint(echo);
  const plane = await rig.openPlane({ protocol: "http", endpoints: [endpoint.key] });
  const client = peers.client(plane.port);
  expect((await askHttp2(client)).status).toBe(502);
  plane.apply([serviceResource("shop", "web", 80, { protocol: "http2", listen: plane.port })]);
  expect((await askHttp2(client)).status).toBe(200);
  expect(samplesOf(plane, "istio_requests_total").length).toBe(2);
});

test("an endpoint that has fallen silent is asked on a new connection after the first time-out", async () => {
  const server = await openPeerServer();
  const clock = new ManualClock();
  const plane = await rig.openPlane({
    protocol: "http2",
    endpoints: [`127.0.0.1:${server.port}`],
    settings: { timeouts: { requestMs: 2000 } },
    clock,
  });
  const client = peers.client(plane.port);
  const late = askHttp2(client);
  const silent = await server.accept();
  silent.send(settings());
  await silent.frame("HEADERS", 1);
  await silent.settle();
  const later = askHttp2(client);
  await silent.frame("HEADERS", 3);
  clock.advance(2500);
  expect([(await late).status, (await later).status]).toEqual([504, 504]);
  const next = askHttp2(client);
  const fresh = await server.accept();
  fresh.send(settings());
  await fresh.frame("HEADERS", 1);
  fresh.send(headers(1, [[":status", "204"]]));
  expect((await next).status).toBe(204);
  await server.close();
});

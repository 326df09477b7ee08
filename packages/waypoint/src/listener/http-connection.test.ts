/** HTTP/2 with prior knowledge through the data plane: to endpoints that speak HTTP/1.1, beside HTTP/1.1 on the same port. */
import { randomBytes } from "node:crypto";
import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { until, within } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { END_HEADERS, frame, get, headers, post, uint32 } from "../http/h2/testdata/frames.ts";
import { openPeer, type RawPeer } from "../http/h2/testdata/raw-peer.ts";
import { pooledConnections, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();
const sessions: ClientHttp2Session[] = [];
const peers: RawPeer[] = [];
// Before the rig looks for connections that were left.
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
  for (const peer of peers.splice(0)) peer.close();
});

function open(plane: RigPlane): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${plane.port}`);
  sessions.push(session);
  return session;
}

async function raw(plane: RigPlane): Promise<RawPeer> {
  const peer = await openPeer(plane.port);
  peers.push(peer);
  return peer;
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

async function ask(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders = {},
  body?: Buffer,
): Promise<Answer> {
  const stream = session.request({ ":authority": "web.shop", ...fields }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const pieces: Buffer[] = [];
  let answered: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on("response", (said) => (answered = said));
  stream.on("trailers", (said) => (trailers = said));
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  const over = new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("error", reject);
  });
  await within(over, "the answer");
  return { headers: answered, body: Buffer.concat(pieces), trailers };
}

test("a request becomes HTTP/1.1, its answer HTTP/2, and the log says which", async () => {
  const upstream = await rig.openUpstream({
    answer: () =>
      "HTTP/1.1 200 OK\r\nServer: x\r\nConnection: X-Hop\r\nX-Hop: y\r\nContent-Length: 2\r\n\r\nok",
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const answer = await ask(open(plane), { ":path": "/a?b", "x-foo": "bar", cookie: ["a=1", "b=2"] });
  expect(answer.headers).toMatchObject({ ":status": 200, server: "x", "content-length": "2" });
  expect(answer.headers["x-hop"]).toBeUndefined();
  expect(answer.body.toString()).toBe("ok");
  const sent = upstream.connections[0]!.bytes.toString("latin1");
  expect(sent.replace(/X-Request-Id: .*\r\n/, "")).toBe(
    "GET /a?b HTTP/1.1\r\nHost: web.shop\r\nx-foo: bar\r\ncookie: a=1; b=2\r\n" +
      "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n\r\n",
  );
  const [line] = await plane.lines(1);
  expect(line).toMatchObject({ protocol: "HTTP/2", method: "GET", path: "/a?b", response_code: 200 });
});

test("HTTP/1.1 goes on being spoken on the port", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  await ask(open(plane));
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await client.readResponse()).status).toBe(200);
});

describe("bodies", () => {
  test.for([0, 1, 70_000, 1_000_000])("of %i bytes come back as they were", async (size) => {
    const upstream = await rig.openUpstream({
      answer: ({ body }) =>
        Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]),
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const body = randomBytes(size);
    const answer = await ask(open(plane), { ":method": "POST" }, body);
    expect(answer.body.equals(body)).toBe(true);
    expect(upstream.connections[0]!.bytes.toString("latin1")).toContain("Transfer-Encoding: chunked\r\n");
  });

  test("in chunks with trailers become DATA and trailers", async () => {
    const upstream = await rig.openUpstream({
      answer: () =>
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nChecksum: 7\r\nContent-Length: 5\r\n\r\n",
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const answer = await ask(open(plane), { te: "trailers" });
    expect(answer.body.toString()).toBe("ok");
    expect(answer.trailers["checksum"]).toBe("7");
    expect(answer.trailers["content-length"]).toBeUndefined();
  });

  test("that the endpoint breaks off are never whole: RST_STREAM (F15)", async () => {
    const upstream = await rig.openUpstream({
      answer(_, connection) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        connection.destroy();
      },
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const peer = await raw(plane);
    peer.send(headers(1, get));
    await peer.untilStory("RST_STREAM 1 INTERNAL_ERROR");
    expect(peer.body(1).length).toBeLessThanOrEqual(3);
    await plane.lines(1);
  });
});

describe("streams by themselves", () => {
  test("many at a time, each with its own connection to an endpoint, answered in any order", async () => {
    const upstream = await rig.openUpstream({
      answer: async ({ target }) => {
        await new Promise((resolve) => setTimeout(resolve, target.length % 3));
        return `HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`;
      },
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const session = open(plane);
    const targets = Array.from({ length: 60 }, (_, i) => `/${"x".repeat(i)}`);
    const answers = await Promise.all(targets.map(async (path) => await ask(session, { ":path": path })));
    expect(answers.map(({ body }) => body.toString())).toEqual(targets);
    await plane.lines(60);
  });

  test("a reset ends the exchange: the endpoint's connection is closed, the others go on", async () => {
    const upstream = await rig.openUpstream({ answer: () => new Promise<never>(() => {}) });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const peer = await raw(plane);
    peer.send(headers(1, get), headers(3, get));
    await until(() => upstream.connections.length === 2, "both are asked");
    peer.send(frame("RST_STREAM", 0, 1, uint32(8)));
    await until(() => pooledConnections(plane) === 1, "one is left");
    const [line] = await plane.lines(1);
    expect(line).toMatchObject({ response_code: 499, response_flags: "DC" });
  });

  test("a rapid reset reaches no endpoint, and ends the connection (D01)", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], settings: { accessLog: true } });
    const peer = await raw(plane);
    for (let i = 0; i < 24 && peer.state === "open"; i++) {
      const burst = Array.from({ length: 50 }, (_, n) => {
        const id = 2 * (50 * i + n) + 1;
        return Buffer.concat([headers(id, get), frame("RST_STREAM", 0, id, uint32(8))]);
      });
      peer.send(...burst);
      await peer.settle();
    }
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
    expect(upstream.connections.length).toBe(0);
  });

  test("an upload that the endpoint answers early stops (R06)", async () => {
    const upstream = await rig.openUpstream({
      readsHttp: false,
      onConnection: (connection) => {
        const tooLarge = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
        connection.socket.once("data", () => connection.write(tooLarge));
      },
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const peer = await raw(plane);
    peer.send(headers(1, post, END_HEADERS), frame("DATA", 0, 1, Buffer.alloc(10_000)));
    await peer.untilStory("RST_STREAM 1 NO_ERROR");
    expect(new Map(peer.fields(await peer.frame("HEADERS", 1))).get(":status")).toBe("413");
    await plane.lines(1);
  });
});

describe("answers of our own", () => {
  test("have a status and a text; the connection goes on", async () => {
    const plane = await rig.openPlane({ endpoints: [] });
    const session = open(plane);
    for (let i = 0; i < 2; i++) {
      const answer = await ask(session);
      expect([answer.headers[":status"], answer.body.toString()]).toEqual([503, "no healthy upstream\n"]);
    }
    await plane.lines(2);
  });

  test("to gRPC are trailers alone, with 200 and gRPC's status (R09)", async () => {
    const plane = await rig.openPlane({ endpoints: [] });
    const peer = await raw(plane);
    peer.send(headers(1, [...post, ["content-type", "application/grpc"], ["te", "trailers"]]));
    await peer.untilStory("HEADERS 1 +end");
    expect(peer.fields(await peer.frame("HEADERS", 1))).toEqual([
      [":status", "200"],
      ["content-type", "application/grpc"],
      ["grpc-status", "14"],
      ["grpc-message", "no healthy upstream"],
      ["content-length", "0"],
    ]);
    const [line] = await plane.lines(1);
    expect(line).toMatchObject({ response_code: 200, response_flags: "UH" });
  });

  test("CONNECT is not served", async () => {
    const plane = await rig.openPlane({ endpoints: [] });
    const peer = await raw(plane);
    peer.send(
      headers(
        1,
        [
          [":method", "CONNECT"],
          [":authority", "web.shop:80"],
        ],
        END_HEADERS,
      ),
    );
    expect(new Map(peer.fields(await peer.frame("HEADERS", 1))).get(":status")).toBe("405");
    await plane.lines(1);
  });
});

describe("shutting down", () => {
  test("connections that have not said what they speak end at once; HTTP/2 goes gracefully", async () => {
    const waiting = Promise.withResolvers<string>();
    const upstream = await rig.openUpstream({ answer: () => waiting.promise });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const mute = await rig.openClient(plane);
    const peer = await raw(plane);
    peer.send(headers(1, get));
    await upstream.request();
    plane.plane.drain(60_000);
    expect((await mute.readUntilEnd()).bytes.length).toBe(0);
    await peer.frame("GOAWAY");
    peer.send(frame("PING", 1, 0, (await peer.frame("PING")).payload));
    waiting.resolve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await peer.untilOver();
    expect(peer.story).toEqual(["GOAWAY NO_ERROR", "GOAWAY NO_ERROR", "HEADERS 1", "DATA 1 2 +end"]);
    peer.close();
    await until(() => plane.emitted.some(({ type }) => type === "drained"), "it is drained");
  });
});

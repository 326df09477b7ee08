/** What a peer that means harm does to the others, through the whole data plane (reference 3.6): nothing. */
import type { ServerHttp2Stream } from "node:http2";
import { until } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { END_HEADERS, frame, get, headers, post, settings, uint32 } from "../http/h2/testdata/frames.ts";
import { openPeer, openPeerServer, type PeerServer, type RawPeer } from "../http/h2/testdata/raw-peer.ts";
import { endpointsOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { askHttp2, echo, useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const attackers: RawPeer[] = [];
const servers: PeerServer[] = [];
afterEach(async () => {
  for (const attacker of attackers.splice(0)) attacker.close();
  for (const server of servers.splice(0)) await server.close();
});

async function attack(port: number, ...pairs: readonly (readonly [number, number])[]): Promise<RawPeer> {
  const attacker = await openPeer(port, ...pairs);
  attackers.push(attacker);
  return attacker;
}

describe("[D01] rapid reset", () => {
  test("of requests that are upstream: closed by 1,100, nothing stays under way, others are answered", async () => {
    const held: ServerHttp2Stream[] = [];
    const endpoint = await peers.endpoint((stream, head) => {
      if (head[":path"] === "/good") echo(stream, head);
      else held.push(stream);
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const attacker = await attack(plane.port);
    const good = peers.client(plane.port);
    let sent = 0;
    for (; attacker.state === "open" && sent < 20_000; sent += 50) {
      const ids = Array.from({ length: 50 }, (_, i) => 2 * (sent + i) + 1);
      attacker.send(...ids.map((id) => headers(id, get)));
      await attacker.settle();
      attacker.send(...ids.map((id) => frame("RST_STREAM", 0, id, uint32(8))));
      await attacker.settle();
      expect((await askHttp2(good, { ":path": "/good" })).status).toBe(200);
    }
    expect(sent).toBeLessThanOrEqual(1150);
    expect(attacker.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
    await until(() => endpointsOf(plane).every(({ active }) => active === 0), "nothing is under way");
    await until(() => held.every((stream) => stream.closed), "the endpoint has heard of all resets");
  });

  test("costs others nothing where they share connections to an endpoint that ends those with many resets", async () => {
    // Node's own limit: 1,000 at once, then 33 a second.
    const served: ServerHttp2Stream[] = [];
    const endpoint = await peers.endpoint((stream, head) => {
      if (head[":path"] === "/good") served.push(stream);
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const answer = askHttp2(
      peers.client(plane.port),
      { ":method": "POST", ":path": "/good" },
      { body: Buffer.alloc(1) },
    );
    await until(() => served.length === 1, "the good request is at the endpoint");
    for (let round = 0; round < 3; round++) {
      const attacker = await attack(plane.port);
      for (let sent = 0; sent < 900; sent += 50) {
        const ids = Array.from({ length: 50 }, (_, i) => 2 * (sent + i) + 1);
        attacker.send(...ids.map((id) => headers(id, get)));
        await attacker.settle();
        attacker.send(...ids.map((id) => frame("RST_STREAM", 0, id, uint32(8))));
        await attacker.settle();
      }
    }
    served[0]!.respond({ ":status": 200 });
    served[0]!.end();
    expect([(await answer).status, served.length]).toEqual([200, 1]);
    expect(endpoint.sessions.length).toBeGreaterThan(5);
  });
});

describe("[D05] no window", () => {
  test("from a client: the endpoint is paused, and another client of the same connection is served", async () => {
    let written = 0;
    const endpoint = await peers.endpoint((stream, head) => {
      if (head[":path"] === "/good") return echo(stream, head);
      stream.respond();
      const piece = Buffer.alloc(64 * 1024);
      const write = (): void => {
        for (let room = true; room && written < 1_000_000_000; ) {
          room = stream.write(piece);
          written += piece.length;
        }
      };
      stream.on("drain", write);
      write();
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const attacker = await attack(plane.port, [4, 0]);
    const streams = 50;
    attacker.send(...Array.from({ length: streams }, (_, i) => headers(2 * i + 1, get)));
    await attacker.settle();
    const good = peers.client(plane.port);
    const body = Buffer.alloc(300_000, "x");
    for (let i = 0; i < 10; i++) {
      const answer = await askHttp2(good, { ":method": "POST", ":path": "/good" }, { body });
      expect(answer.body.length).toBe(body.length);
    }
    // A window each on its way, and what Node's streams and the sockets hold.
    expect(written).toBeLessThan(streams * 64 * 1024 * 4);
  });
});

describe("an endpoint that means harm", () => {
  async function openHostile() {
    const server = await openPeerServer();
    servers.push(server);
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [`127.0.0.1:${server.port}`] });
    const client = peers.client(plane.port);
    return { server, plane, client };
  }

  test.for<[string, () => Buffer[]]>([
    ["PING", () => Array.from({ length: 1200 }, () => frame("PING", 0, 0, Buffer.alloc(8)))],
    ["SETTINGS", () => Array.from({ length: 1200 }, () => settings())],
    ["ORIGIN (CVE-2026-48619)", () => Array.from({ length: 1200 }, () => frame(0x0c, 0, 0, "origin"))],
    [
      "CONTINUATION",
      () => [
        headers(1, [[":status", "200"]], 0),
        ...Array.from({ length: 5 }, () => frame("CONTINUATION", 0, 1, Buffer.alloc(16_000))),
      ],
    ],
    [
      "empty DATA",
      () => [
        headers(1, [[":status", "200"]], END_HEADERS),
        ...Array.from({ length: 200 }, () => frame("DATA", 0, 1)),
      ],
    ],
  ])("[D04] floods us with %s: its requests fail, and it is not listened to", async ([, flood]) => {
    const { server, plane, client } = await openHostile();
    const answer = askHttp2(client).then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
    const hostile = await server.accept();
    hostile.send(settings());
    await hostile.frame("HEADERS", 1);
    hostile.send(...flood());
    expect(await answer).toMatch(/^502$|NGHTTP2_INTERNAL_ERROR/);
    await hostile.untilOver();
    expect(hostile.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
    const [line] = await plane.lines(1);
    expect(line?.["response_flags"]).toBe("UPE");
  });

  test("[D07] allows no streams at all (CVE-2021-32780): a connect failure, on one connection", async () => {
    const { server, client } = await openHostile();
    const answer = askHttp2(client);
    const hostile = await server.accept();
    hostile.send(settings([3, 0]));
    expect((await answer).status).toBe(503);
    await hostile.untilStory("GOAWAY NO_ERROR");
  });

  test("[D07] says GOAWAY to each connection at once: the client hears of it after three", async () => {
    const { server, client } = await openHostile();
    const answer = askHttp2(client, { ":method": "POST" }, { body: Buffer.from("x") });
    for (let i = 0; i < 3; i++) {
      const hostile = await server.accept();
      hostile.send(settings());
      await hostile.frame("HEADERS", 1);
      hostile.send(frame("GOAWAY", 0, 0, uint32(0, 0)));
    }
    expect((await answer).status).toBe(503);
  });
});

describe("[H02] what HTTP/1.1 endpoints must never be made to read", () => {
  test.for<[string, readonly (readonly [string, string])[]]>([
    ["a line end in a value", [["x", "a\r\nHost: evil"]]],
    ["a line end in a name", [["x\r\ny", "a"]]],
    ["a colon in a name", [["x: y", "a"]]],
    ["NUL in a value", [["x", "a\0b"]]],
    ["transfer-encoding", [["transfer-encoding", "chunked"]]],
    ["connection", [["connection", "x-y"]]],
    [
      "two lengths",
      [
        ["content-length", "1"],
        ["content-length", "2"],
      ],
    ],
    ["another host", [["host", "evil"]]],
    ["an upper-case name", [["X-Y", "a"]]],
    ["te that is more than trailers", [["te", "gzip"]]],
  ])("%s", async ([, fields]) => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const attacker = await attack(plane.port);
    attacker.send(headers(1, [...post, ...fields]));
    await attacker.settle();
    expect(attacker.story[0]).toBe("RST_STREAM 1 PROTOCOL_ERROR");
    expect(upstream.connections.length).toBe(0);
  });

  test("a request in a path, an authority or a method", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const attacker = await attack(plane.port);
    const bad: readonly (readonly [string, string])[] = [
      [":path", "/ HTTP/1.1\r\nHost: evil\r\n\r\nGET /admin"],
      [":path", "/a b"],
      [":path", "a"],
      [":path", ""],
      [":path", "/#f"],
      [":authority", "h\r\nx: y"],
      [":authority", "user@h"],
      [":method", "GET / HTTP/1.1\r\nx: y\r\n\r\nGET"],
      [":scheme", "hTtP"],
      [":scheme", "foo"],
    ];
    attacker.send(
      ...bad.map(([name, value], i) =>
        headers(
          2 * i + 1,
          get.map((field) => (field[0] === name ? ([name, value] as const) : field)),
        ),
      ),
    );
    await attacker.settle();
    expect(attacker.story).toEqual(bad.map((_, i) => `RST_STREAM ${2 * i + 1} PROTOCOL_ERROR`));
    expect(upstream.connections.length).toBe(0);
  });
});

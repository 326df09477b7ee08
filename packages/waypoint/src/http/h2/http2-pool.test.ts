import { systemRng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Deadlines } from "../../listener/deadlines.ts";
import { ReadBuffers } from "../../listener/socket-reader.ts";
import { defaultSettings } from "../../settings.ts";
import { DialPace } from "../../upstream/dial-pace.ts";
import { dialPlain } from "../../upstream/dial-plain.ts";
import type { ClientConnection } from "./client-connection.ts";
import { Http2Context } from "./http2-context.ts";
import { Http2Pool, type StreamWaiter } from "./http2-pool.ts";
import { defaultHttp2Settings } from "./http2-settings.ts";
import { frame, headers, settings, uint32 } from "./testdata/frames.ts";
import { Answer, outgoing } from "./testdata/open-test-client.ts";
import { openPeerServer, type PeerServer, type RawPeer } from "./testdata/raw-peer.ts";

let server: PeerServer;
let clock: ManualClock;
const pools: Http2Pool[] = [];
beforeEach(async () => {
  server = await openPeerServer();
  clock = new ManualClock();
});
afterEach(async () => {
  for (const pool of pools.splice(0)) pool.retire();
  await server.close();
});

function openPool(
  limits: Partial<typeof defaultSettings.pool> = {},
  port = server.port,
  buffers = new ReadBuffers(),
): Http2Pool {
  const context = new Http2Context({
    clock,
    rng: systemRng,
    deadlines: new Deadlines(clock),
    limits: defaultSettings.limits,
    timeouts: defaultSettings.timeouts,
    settings: defaultHttp2Settings,
  });
  const pool = new Http2Pool({
    context,
    buffers,
    limits: { ...defaultSettings.pool, ...limits },
    endpointKey: "10.0.0.1:80",
    isForbidden: false,
    dial: (reader) => dialPlain("127.0.0.1", port, reader, new DialPace()),
  });
  pools.push(pool);
  return pool;
}

class Asker implements StreamWaiter {
  readonly answer = new Answer();
  state = "waiting";
  connection: ClientConnection | undefined = undefined;

  onConnection(connection: ClientConnection, reused: boolean): void {
    this.state = reused ? "reused" : "new";
    this.connection = connection;
    this.answer.stream = connection.begin(this.answer);
    this.answer.stream.sendHead(outgoing({}));
    this.answer.stream.sendEnd(undefined);
  }

  onNoConnection(kind: string, detail: string): void {
    this.state = `${kind}: ${detail}`;
  }
}

function ask(pool: Http2Pool, count = 1, fresh = false): Asker[] {
  return Array.from({ length: count }, () => {
    const asker = new Asker();
    pool.acquire(asker, fresh);
    return asker;
  });
}

async function welcome(streams = 100): Promise<RawPeer> {
  const peer = await server.accept();
  peer.send(settings([3, streams]));
  return peer;
}

const states = (askers: readonly Asker[]): string => askers.map(({ state }) => state).join(" ");

describe("exchanges share a connection", () => {
  test("as long as it has room, and wait for it while it is opened", async () => {
    const pool = openPool();
    const askers = ask(pool, 3);
    expect([states(askers), pool.size]).toEqual(["waiting waiting waiting", 1]);
    await welcome();
    await until(() => askers[2]!.state !== "waiting", "all are on it");
    expect(states(askers)).toBe("new reused reused");
    expect(ask(pool)[0]!.state).toBe("reused");
    expect(pool.size).toBe(1);
  });

  test("beyond its MAX_CONCURRENT_STREAMS another is opened; beyond the limit they wait, in order", async () => {
    const pool = openPool({ connectionsPerEndpoint: 2 });
    const askers = ask(pool, 5);
    const first = await welcome(2);
    const second = await welcome(2);
    await until(() => states(askers) === "new reused new reused waiting", "two are on each");
    expect(pool.size).toBe(2);
    await first.frame("HEADERS", 1);
    first.send(headers(1, [[":status", "200"]]));
    await until(() => askers[4]!.state === "reused", "the fifth has the free place");
    expect(askers[4]!.connection).toBe(askers[0]!.connection);
    expect(second.frames.filter(({ type }) => type === "HEADERS").length).toBe(2);
  });

  test("no more than the line holds wait", () => {
    const pool = openPool({ pendingPerEndpoint: 2 });
    expect(states(ask(pool, 3))).toBe("waiting waiting pool-overflow: 2 requests wait for 10.0.0.1:80");
  });

  test("a fresh one is not one that was used", async () => {
    const pool = openPool();
    const [first] = ask(pool);
    await welcome();
    await until(() => first!.state === "new", "it is used");
    const [fresh] = ask(pool, 1, true);
    expect(fresh!.state).toBe("waiting");
    await welcome();
    await until(() => fresh!.state === "new", "another");
    expect(pool.size).toBe(2);
  });

  test("one that lost interest is not told, and takes no place", async () => {
    const pool = openPool();
    const [first, second] = ask(pool, 2);
    pool.forget(first!);
    await welcome();
    await until(() => second!.state === "new", "the other is on it");
    expect(first!.state).toBe("waiting");
  });
});

describe("a connection goes", () => {
  test("by GOAWAY: the next exchange is on another one", async () => {
    const pool = openPool();
    const [first] = ask(pool);
    const peer = await welcome();
    await until(() => first!.state === "new", "it is used");
    peer.send(frame("GOAWAY", 0, 0, uint32(1, 0)));
    await until(() => first!.connection!.capacity === 0, "it takes no more");
    const [second] = ask(pool);
    await welcome();
    await until(() => second!.state === "new", "another");
    peer.send(headers(1, [[":status", "200"]]));
    await first!.answer.over();
    await peer.untilOver();
    peer.socket.end();
    await until(() => pool.size === 1, "the first is gone");
  });

  test("by idleness, gracefully, counted from its last exchange", async () => {
    const pool = openPool();
    const [first] = ask(pool);
    const peer = await welcome();
    await peer.frame("HEADERS", 1);
    clock.advance(120_000);
    peer.send(headers(1, [[":status", "200"]]));
    await first!.answer.over();
    clock.advance(59_000);
    expect(first!.connection!.capacity).toBe(100);
    clock.advance(2000);
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY NO_ERROR");
  });

  test("after so many requests", async () => {
    const pool = openPool({ requestsPerConnection: 2 });
    const askers = ask(pool, 3);
    await welcome();
    await welcome();
    await until(() => states(askers) === "new reused new", "two on the first, one on the second");
  });

  test("because its endpoint has left: what is under way finishes", async () => {
    const pool = openPool();
    const [asker] = ask(pool);
    const peer = await welcome();
    await peer.frame("HEADERS", 1);
    pool.retire();
    peer.send(headers(1, [[":status", "200"]]));
    expect((await asker!.answer.over()).state).toBe("whole");
    await peer.untilOver();
  });
});

describe("no connection", () => {
  test("because nobody listens: all who wait are told", async () => {
    const { port } = server;
    await server.close();
    const pool = openPool({}, port);
    const askers = ask(pool, 2);
    await until(() => askers.every(({ state }) => state !== "waiting"), "both are told");
    expect(askers[1]!.state).toBe("connect-failed: 10.0.0.1:80: ECONNREFUSED");
    expect(pool.size).toBe(0);
    server = await openPeerServer();
  });

  test("because it does not speak HTTP/2", async () => {
    const pool = openPool();
    const [asker] = ask(pool);
    const peer = await server.accept();
    peer.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await peer.untilOver();
    peer.socket.end();
    await until(() => asker!.state !== "waiting", "it is told");
    expect(asker!.state).toBe("connect-failed: 10.0.0.1:80: a frame too large");
  });

  test("in time, the endpoint's SETTINGS included", async () => {
    const pool = openPool();
    const [asker] = ask(pool);
    await server.accept();
    clock.advance(5_100);
    expect(asker!.state).toBe("connect-timeout: no connection to 10.0.0.1:80 in time");
    expect(pool.size).toBe(0);
  });
});

test("an endpoint that leaves while a connection to it is being opened still serves who waits for that, and no more", async () => {
  const pool = openPool();
  const askers = ask(pool, 2);
  pool.retire();
  const peer = await welcome();
  await until(() => states(askers) === "new reused", "both are on it");
  for (const id of [1, 3]) {
    await peer.frame("HEADERS", id);
    peer.send(headers(id, [[":status", "200"]]));
  }
  await peer.untilStory("GOAWAY NO_ERROR");
  await peer.untilOver();
});

test("one that nobody waits for any more goes with its endpoint", async () => {
  const pool = openPool();
  const [asker] = ask(pool);
  pool.forget(asker!);
  pool.retire();
  await (await server.accept()).untilOver();
});

test("a mistake of ours in serving one who waits costs the connection; the others are served by the next", async () => {
  const faults: unknown[] = [];
  const buffers = new ReadBuffers({ clock, onFault: (error) => faults.push(error) });
  const pool = openPool({ connectionsPerEndpoint: 1 }, server.port, buffers);
  const broken = new Asker();
  broken.onConnection = () => {
    throw new RangeError("a mistake of ours");
  };
  pool.acquire(broken, false);
  const others = ask(pool, 2);
  await welcome();
  await until(() => faults.length > 0, "it is told of");
  await welcome();
  await until(() => others[1]!.state !== "waiting", "they are served");
  expect([states(others), faults]).toEqual(["new reused", [expect.any(RangeError)]]);
});

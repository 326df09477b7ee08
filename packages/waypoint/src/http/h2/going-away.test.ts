/** How a client's connection goes (RFC 9113 6.8), and what it can be late with. */
import { untilRead } from "@waystone/testkit/until-read";
import { until } from "@waystone/testkit/within";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import {
  ACK,
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  headers,
  magic,
  post,
  settings,
} from "./testdata/frames.ts";
import { plainAnswer, SilentSink, type TestServer } from "./testdata/open-test-server.ts";
import type { RawPeer } from "./testdata/raw-peer.ts";
import type { DownstreamStream } from "../stream.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();

function lastStreams(peer: RawPeer): number[] {
  return peer.frames.filter(({ type }) => type === "GOAWAY").map(({ payload }) => payload.readUInt32BE(0));
}

async function answerPing(peer: RawPeer): Promise<void> {
  const { payload } = await peer.frame("PING");
  peer.send(frame("PING", ACK, 0, payload));
}

describe("gracefully", () => {
  test("GOAWAY without a limit and a PING; after its answer GOAWAY with the last stream, and the end", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await peer.settle();
    drainAll(server);
    await peer.frame("GOAWAY");
    // On its way when we said it.
    peer.send(headers(3, get));
    await answerPing(peer);
    await peer.untilOver();
    expect(peer.story).toEqual(["HEADERS 1 +end", "GOAWAY NO_ERROR", "HEADERS 3 +end", "GOAWAY NO_ERROR"]);
    expect(lastStreams(peer)).toEqual([0x7fffffff, 3]);
    expect(peer.state).toBe("ended");
  });

  test("streams under way finish; newer ones are not looked at, their tables and windows are", async () => {
    const streams: DownstreamStream[] = [];
    const server = await peers.server({
      serve: (seen, stream) => {
        streams.push(stream);
        return new SilentSink(seen, stream);
      },
    });
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await peer.settle();
    drainAll(server);
    await answerPing(peer);
    await until(() => lastStreams(peer).length === 2, "both GOAWAYs");
    peer.send(headers(3, post, END_HEADERS), frame("DATA", 0, 3, "abc"), headers(3, [["t", "u"]]));
    await peer.settle();
    expect(server.requests.length).toBe(1);
    streams[0]?.sendHead(plainAnswer(204, 0));
    streams[0]?.sendEnd(undefined);
    await peer.untilOver();
    expect(peer.story).toEqual(["GOAWAY NO_ERROR", "GOAWAY NO_ERROR", "HEADERS 1 +end"]);
    expect(lastStreams(peer)).toEqual([0x7fffffff, 1]);
  });

  test("a client that does not answer the PING has a second; streams have their grace, and are cut", async () => {
    const clock = new ManualClock();
    const server = await peers.server({
      clock,
      timeouts: { streamIdleMs: 0 },
      serve: (seen, stream) => new SilentSink(seen, stream),
    });
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await peer.settle();
    drainAll(server);
    await peer.frame("GOAWAY");
    clock.advance(1100);
    await until(() => lastStreams(peer).length === 2, "the second GOAWAY");
    expect(peer.state).toBe("open");
    clock.advance(301_000);
    await peer.untilOver();
    expect(server.requests[0]?.state).toBe("draining");
  });

  test("by age, which differs by a tenth each way", async () => {
    const clock = new ManualClock();
    const server = await peers.server({ clock, timeouts: { idleMs: 0 } });
    const peer = await peers.peer(server);
    await peer.settle();
    clock.advance(0.89 * 900_000);
    await peer.settle();
    expect(lastStreams(peer)).toEqual([]);
    clock.advance(0.22 * 900_000);
    await peer.frame("GOAWAY");
    await answerPing(peer);
    await peer.untilOver();
    expect(peer.state).toBe("ended");
  });

  test("by idleness, counted from the last stream", async () => {
    const clock = new ManualClock();
    const server = await peers.server({ clock });
    const peer = await peers.peer(server);
    await peer.settle();
    clock.advance(74_000);
    peer.send(headers(1, get));
    await peer.settle();
    clock.advance(74_000);
    await peer.settle();
    expect(lastStreams(peer)).toEqual([]);
    clock.advance(2000);
    await peer.frame("GOAWAY");
  });
});

function drainAll(server: TestServer): void {
  for (const connection of server.connections) connection.drain();
}

describe("too late", () => {
  test.for([
    ["says nothing", Buffer.alloc(0)],
    ["says half of the preface", magic.subarray(0, 12)],
    ["says the preface and no SETTINGS", magic],
    ["says half of its SETTINGS", Buffer.concat([magic, settings([3, 1]).subarray(0, 10)])],
  ] as const)("a client that %s is cut off without a word", async ([, bytes]) => {
    const clock = new ManualClock();
    const server = await peers.server({ clock });
    const peer = await peers.mute(server);
    peer.send(bytes);
    await until(() => server.connections.size === 1, "it is there");
    clock.advance(9_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.connections.size).toBe(1);
    clock.advance(1_100);
    await peer.untilOver();
    expect(peer.story).toEqual([]);
  });

  test("[D08] a frame that comes byte by byte has as long as a header, however its bytes are spread", async () => {
    const clock = new ManualClock();
    const server = await peers.server({ clock });
    const peer = await peers.peer(server);
    await peer.settle();
    const bytes = headers(1, get);
    for (let at = 0; at < 11; at++) {
      peer.send(bytes.subarray(at, at + 1));
      await untilRead(peer.socket);
      clock.advance(1000);
    }
    await peer.untilOver();
    expect(peer.story).toEqual(["GOAWAY ENHANCE_YOUR_CALM"]);
    expect(server.requests).toEqual([]);
  });

  test("a header block that comes frame by frame has no more", async () => {
    const clock = new ManualClock();
    const server = await peers.server({ clock });
    const peer = await peers.peer(server);
    const bytes = block(get);
    peer.send(frame("HEADERS", END_STREAM, 1, bytes.subarray(0, 1)));
    for (let at = 1; at < 12; at++) {
      peer.send(frame("CONTINUATION", 0, 1, bytes.subarray(at, at + 1)));
      await untilRead(peer.socket);
      clock.advance(1000);
    }
    await peer.untilOver();
    expect(peer.story).toEqual(["GOAWAY ENHANCE_YOUR_CALM"]);
  });

  test("a stream on which nothing moves is answered 504, or reset where an answer has begun", async () => {
    const clock = new ManualClock();
    const streams: DownstreamStream[] = [];
    const server = await peers.server({
      clock,
      serve: (seen, stream) => {
        streams.push(stream);
        return new SilentSink(seen, stream);
      },
    });
    const peer = await peers.peer(server);
    peer.send(headers(1, get), headers(3, get));
    await peer.settle();
    streams[1]?.sendHead(plainAnswer(200, -1));
    clock.advance(301_000);
    await peer.untilStory("RST_STREAM 3 INTERNAL_ERROR");
    expect(new Map(peer.fields(await peer.frame("HEADERS", 3))).get(":status")).toBe("200");
    expect(new Map(peer.fields(await peer.frame("HEADERS", 1))).get(":status")).toBe("504");
    expect(server.requests.map(({ state }) => state)).toEqual(["stream-idle", "stream-idle"]);
  });

  test("what moves keeps a stream: a byte either way", async () => {
    const clock = new ManualClock();
    let stream: DownstreamStream | undefined;
    const server = await peers.server({
      clock,
      serve: (seen, opened) => {
        stream = opened;
        return new SilentSink(seen, opened);
      },
    });
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS));
    await peer.settle();
    clock.advance(200_000);
    peer.send(frame("DATA", 0, 1, "x"));
    await peer.settle();
    clock.advance(200_000);
    stream?.sendHead(plainAnswer(200, -1));
    stream?.sendData(Buffer.from("y"));
    clock.advance(200_000);
    await peer.settle();
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 1"]);
  });
});

describe("cut", () => {
  test("by the client: exchanges under way hear of it", async () => {
    const server = await peers.server({ serve: (seen, stream) => new SilentSink(seen, stream) });
    const peer = await peers.peer(server);
    peer.send(headers(1, get), headers(3, post, END_HEADERS));
    await peer.settle();
    peer.socket.resetAndDestroy();
    await until(() => server.connections.size === 0, "it is gone");
    expect(server.requests.map(({ state }) => state)).toEqual(["downstream-closed", "downstream-closed"]);
  });

  test("by the client closing its half: the same", async () => {
    const server = await peers.server({ serve: (seen, stream) => new SilentSink(seen, stream) });
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await peer.settle();
    peer.socket.end();
    await until(() => server.connections.size === 0, "it is gone");
    expect(server.requests.map(({ state }) => state)).toEqual(["downstream-closed"]);
  });

  test("by a reset of one stream: its exchange alone", async () => {
    const server = await peers.server({ serve: (seen, stream) => new SilentSink(seen, stream) });
    const peer = await peers.peer(server);
    peer.send(headers(1, get), headers(3, get));
    await peer.settle();
    peer.send(frame("RST_STREAM", 0, 1, Buffer.from([0, 0, 0, 8])));
    await peer.settle();
    expect(server.requests.map(({ state }) => state)).toEqual(["downstream-closed", "whole"]);
  });
});

/** What a peer can make us do at little cost to itself is bounded (reference D01 to D04, D06, D07). */
import { describe, expect, test } from "vitest";
import { until } from "@waystone/testkit/within";
import { ManualClock } from "@waystone/testkit/manual-clock";
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
  uint32,
} from "./testdata/frames.ts";
import { SilentSink } from "./testdata/open-test-server.ts";
import type { RawPeer } from "./testdata/raw-peer.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();
const ping = frame("PING", 0, 0, Buffer.alloc(8));

/** How many were sent before the connection was over; sends a few hundred at a time. */
async function sendUntilOver(
  peer: RawPeer,
  atATime: number,
  limit: number,
  make: (n: number) => Buffer,
): Promise<number> {
  let sent = 0;
  for (; peer.state === "open" && sent < limit; sent += atATime) {
    peer.send(Buffer.concat(Array.from({ length: atATime }, (_, more) => make(sent + more))));
    await peer.settle();
  }
  return sent;
}

describe("[D01] rapid reset", () => {
  test.for([
    [
      "by the client (CVE-2023-44487)",
      (id: number) => Buffer.concat([headers(id, get), frame("RST_STREAM", 0, id, uint32(8))]),
    ],
    [
      "by what we answer without serving it (targets that are too long)",
      (id: number) => headers(id, [...get.slice(0, 2), [":path", `/${"x".repeat(9000)}`], ...get.slice(3)]),
    ],
    ["by what we refuse (malformed requests)", (id: number) => headers(id, [...get, ["Bad", "x"]])],
    [
      "by errors that make us reset (CVE-2025-8671)",
      (id: number) =>
        Buffer.concat([headers(id, post, END_HEADERS), frame("WINDOW_UPDATE", 0, id, uint32(0))]),
    ],
  ] as const)("%s ends the connection by 1,100 of 20,000", async ([, make]) => {
    const server = await peers.server({ clock: new ManualClock() });
    const peer = await peers.peer(server);
    const sent = await sendUntilOver(peer, 50, 20_000, (n) => make(2 * n + 1));
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
    expect(sent).toBeLessThanOrEqual(1100);
    // What is reset in the breath that it came in is never served.
    expect(server.requests).toEqual([]);
  });

  test("an honest client may cancel half of what it asks for, for ever", async () => {
    const server = await peers.server({ clock: new ManualClock() });
    const peer = await peers.peer(server);
    await sendUntilOver(peer, 50, 6000, (n) => {
      const id = 2 * n + 1;
      return n % 2 === 0
        ? headers(id, get)
        : Buffer.concat([headers(id, get), frame("RST_STREAM", 0, id, uint32(8))]);
    });
    expect(peer.state).toBe("open");
  });

  test("the budget comes back with time", async () => {
    const clock = new ManualClock();
    const server = await peers.server({ clock });
    const peer = await peers.peer(server);
    const make = (n: number): Buffer =>
      Buffer.concat([headers(2 * n + 1, get), frame("RST_STREAM", 0, 2 * n + 1, uint32(8))]);
    await sendUntilOver(peer, 50, 1000, make);
    expect(peer.state).toBe("open");
    clock.advance(10_000);
    await sendUntilOver(peer, 50, 300, (n) => make(1000 + n));
    expect(peer.state).toBe("open");
  });
});

describe("header blocks", () => {
  test("[D02] CONTINUATION without end: closed by 64 KiB (CVE-2024-27919)", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, get, 0));
    const piece = frame("CONTINUATION", 0, 1, Buffer.alloc(4096));
    let sent = 0;
    for (; peer.state === "open" && sent < 100; sent++) {
      peer.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.untilOver();
    expect(peer.story).toEqual(["GOAWAY ENHANCE_YOUR_CALM"]);
  });

  test.for([
    ["CONTINUATION", [headers(1, get, 0)], frame("CONTINUATION", 0, 1)],
    ["DATA", [headers(1, post, END_HEADERS)], frame("DATA", 0, 1)],
  ] as const)("empty %s frames: closed by 200", async ([, start, empty]) => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(...start, ...Array.from({ length: 200 }, () => empty));
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
  });

  test("[D03] a small block that decodes to megabytes is 431, and costs no memory (CVE-2026-47774)", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    // A cookie crumb of 3,900 bytes into the table, then 1,000 times from there.
    const big = Buffer.concat([Buffer.from([0x60, 0x7f, 0xbd, 0x1d]), Buffer.alloc(3900, "c")]);
    peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 1, Buffer.concat([block(get), big])));
    await peer.frame("HEADERS", 1);
    const bomb = Buffer.concat([block(get), Buffer.alloc(60, 0xbe)]);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100; i++) peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 3 + 2 * i, bomb));
    const answer = await peer.frame("HEADERS", 201);
    expect(answer.flags & END_STREAM).toBe(0);
    expect(server.refused).toEqual(Array.from({ length: 100 }, () => "headers-too-large: over the limit"));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
    expect(server.requests.length).toBe(1);
    // Four times the limit ends the connection: to decode such blocks to their end is work for nothing.
    peer.send(
      frame("HEADERS", END_HEADERS | END_STREAM, 203, Buffer.concat([block(get), Buffer.alloc(1000, 0xbe)])),
    );
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
    expect([server.requests.length, server.refused.length]).toEqual([1, 100]);
  });

  test("crumbs of a cookie count as they come, each as a line of 32 bytes more", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    const crumb = Buffer.concat([Buffer.from([0x0f, 0x11, 3]), Buffer.from("a=b")]);
    const crumbs = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => crumb));
    peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 1, Buffer.concat([block(get), crumbs(1500)])));
    await peer.frame("HEADERS", 1);
    peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 3, Buffer.concat([block(get), crumbs(1600)])));
    await peer.frame("HEADERS", 3);
    expect([server.requests.length, server.refused.length]).toEqual([1, 1]);
  });
});

describe("[D04] control frames", () => {
  test.for([
    ["PING", ping],
    ["acknowledgements of PING", frame("PING", ACK, 0, Buffer.alloc(8))],
    ["SETTINGS", settings([3, 100])],
    ["empty SETTINGS", settings()],
    ["acknowledgements of SETTINGS", frame("SETTINGS", ACK, 0)],
    ["PRIORITY", frame("PRIORITY", 0, 1, Buffer.alloc(5))],
    ["WINDOW_UPDATE", frame("WINDOW_UPDATE", 0, 0, uint32(1))],
    ["GOAWAY", frame("GOAWAY", 0, 0, uint32(0, 0))],
    ["unknown frames", frame(0x77, 0, 0, "abc")],
    ["RST_STREAM on a stream that is over", frame("RST_STREAM", 0, 1, uint32(8))],
  ] as const)("%s: closed before 1,200", async ([, flood]) => {
    const server = await peers.server({ clock: new ManualClock() });
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await peer.settle();
    let sent = 0;
    for (; peer.state === "open" && sent < 4000; sent += 100) {
      peer.send(...Array.from({ length: 100 }, () => flood));
      await peer.settle();
    }
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
    expect(sent).toBeLessThanOrEqual(1200);
  });

  test("SETTINGS of thousands of entries, each of which changes every stream's window (CVE-2020-11080): closed at once", async () => {
    const server = await peers.server({ clock: new ManualClock() });
    const peer = await peers.peer(server);
    // As many as nghttp2 takes.
    peer.send(settings(...Array.from({ length: 32 }, (_, i) => [4, 65_535 - (i % 2)] as const)));
    await peer.settle();
    expect(peer.state).toBe("open");
    peer.send(settings(...Array.from({ length: 33 }, (_, i) => [4, 65_535 - (i % 2)] as const)));
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
  });

  test("PING that is never read for: closed before 1,000 replies wait", async () => {
    const server = await peers.server({ settings: { floods: { ...lenient, queuedReplies: 1000 } } });
    const peer = await peers.peer(server);
    await peer.settle();
    peer.socket.pause();
    const thousand = Buffer.concat(Array.from({ length: 1000 }, () => ping));
    // The kernel's buffers swallow some first.
    for (let i = 0; i < 2000 && server.connections.size > 0; i++) {
      peer.send(thousand);
      await new Promise((resolve) => setImmediate(resolve));
      if (peer.socket.writableLength > 1_000_000) break;
    }
    // Until the server, whose replies nobody takes, takes no more either.
    const other = await peers.peer(server);
    const { socket } = peer;
    for (let left = -1; left !== socket.writableLength; ) {
      left = socket.writableLength;
      for (let roundTrip = 0; roundTrip < 20; roundTrip++) await other.settle();
    }
    peer.socket.resume();
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
  });

  test("what streams bring with them is no flood: two WINDOW_UPDATEs and a PING for each DATA frame", async () => {
    const server = await peers.server({ clock: new ManualClock() });
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS));
    for (let i = 0; i < 50; i++) {
      const message = frame("DATA", 0, 1, "0123456789");
      const update = frame("WINDOW_UPDATE", 0, 0, uint32(10));
      peer.send(...Array.from({ length: 100 }, () => [message, update, update, ping]).flat());
      await peer.settle();
    }
    expect(peer.state).toBe("open");
  });
});

const lenient = {
  unreadBytes: 1e9,
  resetBurst: 1e9,
  resetsPerSecond: 1,
  controlBurst: 1e9,
  controlsPerSecond: 1,
  controlsPerDataFrame: 4,
  emptyBurst: 1e9,
  emptiesPerSecond: 1,
};

describe("[D07] streams", () => {
  test("the 101st at a time is refused, and may be tried again", async () => {
    const server = await peers.server({ serve: (seen, stream) => new SilentSink(seen, stream) });
    const peer = await peers.peer(server);
    for (let i = 0; i < 101; i++) peer.send(headers(2 * i + 1, get));
    await peer.untilStory("RST_STREAM 201 REFUSED_STREAM");
    expect(server.requests.length).toBe(100);
    peer.send(frame("RST_STREAM", 0, 1, uint32(8)), headers(203, get));
    await peer.settle();
    expect(server.requests.length).toBe(101);
    expect(server.requests[0]?.state).toBe("downstream-closed");
  });

  test("we say how many, how large windows are, and how large headers may be", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    const { payload } = await peer.frame("SETTINGS");
    const said = Array.from({ length: payload.length / 6 }, (_, i) => [
      payload.readUInt16BE(6 * i),
      payload.readUInt32BE(6 * i + 2),
    ]);
    expect(said).toEqual([
      [3, 100],
      [4, 65_536],
      [6, 65_536],
      [1, 4096],
      [8, 1],
    ]);
  });

  test("[D06] connections that break on a rule leave nothing behind", async () => {
    const server = await peers.server();
    for (let i = 0; i < 50; i++) {
      const peer = await peers.mute(server);
      peer.send(
        magic,
        settings(),
        headers(1, post, END_HEADERS),
        frame("WINDOW_UPDATE", 0, 0, uint32(0x7fffffff)),
      );
      await peer.untilOver();
      peer.socket.end();
    }
    await until(() => server.connections.size === 0, "all are gone");
  });
});

describe("[D02] header blocks and frames that are not whole", () => {
  const limits = { unfinishedHeadBytes: 64 * 1024 };

  test("a frame that only says how long it is takes no more than what has come of it", async () => {
    const server = await peers.server({ clock: new ManualClock(), limits });
    const { held } = server.context;
    const before = held.held;
    const promise = frame("HEADERS", END_HEADERS, 1, Buffer.alloc(16_000)).subarray(0, 10);
    const all = await Promise.all(Array.from({ length: 40 }, async () => await peers.peer(server)));
    for (const peer of all) {
      await peer.settle();
      const counted = held.held;
      peer.send(promise);
      await until(() => held.held > counted || peer.state !== "open", "it is kept");
    }
    expect(all.map(({ state }) => state)).toEqual(all.map(() => "open"));
    expect(held.held - before).toBeLessThanOrEqual(40 * 1024);
    // Who goes on is read to the end.
    const last = all.at(-1)!;
    const whole = headers(1, [...get, ["x-long", "v".repeat(9000)]]);
    const other = await peers.peer(server);
    for (let at = 0; at < whole.length; at += 999) {
      other.send(whole.subarray(at, at + 999));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await other.frame("HEADERS", 1);
    expect(last.state).toBe("open");
  });

  test.for([
    [
      "header blocks without an end",
      (id: number) => frame("HEADERS", 0, id, Buffer.alloc(16_000)),
      "GOAWAY ENHANCE_YOUR_CALM",
    ],
    [
      "frames without an end",
      (id: number) => frame("HEADERS", END_HEADERS, id, Buffer.alloc(16_000)).subarray(0, 16_000),
      "GOAWAY ENHANCE_YOUR_CALM",
    ],
  ] as const)(
    "%s of all connections have a bound together; who goes beyond it goes",
    async ([, make, last]) => {
      const server = await peers.server({ clock: new ManualClock(), limits });
      const { held } = server.context;
      const held0 = held.held;
      const all: RawPeer[] = [];
      const gone = (): RawPeer[] => all.filter(({ state }) => state !== "open");
      while (gone().length === 0) {
        const peer = await peers.peer(server);
        await peer.settle();
        const before = held.held;
        all.push(peer);
        peer.send(make(1));
        await until(() => held.held > before || gone().length > 0, "it is kept, or too much");
      }
      expect(held.held).toBeLessThanOrEqual(limits.unfinishedHeadBytes);
      expect(new Set(gone().map(({ story }) => story.at(-1)))).toEqual(new Set([last]));
      expect([all.length > 2, all.length - gone().length <= 4]).toEqual([true, true]);
      for (const peer of all) peer.close();
      await until(() => held.held === held0, "all of it is given back");
    },
  );
});

/** Flow control both ways (RFC 9113 5.2, 6.9; reference D05, D07). */
import { describe, expect, test } from "vitest";
import { until } from "@waystone/testkit/within";
import type { DownstreamStream, RequestSink, Taken } from "../stream.ts";
import { END_HEADERS, END_STREAM, frame, get, headers, post, settings, uint32 } from "./testdata/frames.ts";
import { plainAnswer, type SeenRequest } from "./testdata/open-test-server.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();
const bigWindow = [4, 0x7fffffff] as const;

/** Answers with so many bytes, as fast as they are taken, in pieces of `piece`. */
class Sender implements RequestSink {
  readonly #stream: DownstreamStream;
  readonly #piece: Buffer;
  left: number;
  fulls = 0;
  /** "open", "sent", or why it was aborted. */
  state = "open";

  constructor(stream: DownstreamStream, bytes: number, piece: number) {
    this.#stream = stream;
    this.left = bytes;
    this.#piece = Buffer.alloc(piece, "x");
  }

  onRequestEnd(): void {
    this.#stream.sendHead(plainAnswer(200, this.left));
    this.#pump();
  }

  onDownstreamDrain(): void {
    this.#pump();
  }

  #pump(): void {
    while (this.left > 0) {
      const bytes = Buffer.from(this.#piece.subarray(0, Math.min(this.left, this.#piece.length)));
      this.left -= bytes.length;
      if (this.#stream.sendData(bytes) === "full") {
        this.fulls++;
        break;
      }
    }
    if (this.left === 0 && this.state === "open") {
      this.state = "sent";
      this.#stream.sendEnd(undefined);
    }
  }

  onRequestData(): Taken {
    return "done";
  }

  onRequestAborted(kind: string): void {
    this.state = kind;
  }

  onRequestFlush(): void {}
}

describe("what we send", () => {
  test.for([
    ["small pieces", 500_000, 100],
    ["pieces that are copied", 500_000, 8192],
    ["pieces that are lent", 1_000_000, 65_536],
  ] as const)(
    "%s arrive whole under a small window that is given back as they come",
    async ([, bytes, piece]) => {
      const server = await peers.server({ serve: (_, stream) => new Sender(stream, bytes, piece) });
      const peer = await peers.peer(server, [4, 1000]);
      let seen = 0;
      peer.socket.on("data", () => {
        const total = peer.body(1).length;
        if (total > seen)
          peer.send(
            frame("WINDOW_UPDATE", 0, 1, uint32(total - seen)),
            frame("WINDOW_UPDATE", 0, 0, uint32(total - seen)),
          );
        seen = total;
      });
      peer.send(headers(1, get));
      await until(() => peer.story.at(-1)?.endsWith("+end") === true, "all of it comes");
      expect(peer.body(1).equals(Buffer.alloc(bytes, "x"))).toBe(true);
      for (const { type, payload } of peer.frames)
        if (type === "DATA") expect(payload.length).toBeLessThanOrEqual(1000);
    },
  );

  test("frames of one byte for a window of one byte", async () => {
    const server = await peers.server({ serve: (_, stream) => new Sender(stream, 5, 5) });
    const peer = await peers.peer(server, [4, 1]);
    peer.send(headers(1, get));
    await peer.settle();
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 1"]);
    for (let i = 0; i < 4; i++) peer.send(frame("WINDOW_UPDATE", 0, 1, uint32(1)));
    await peer.untilStory("DATA 1 1 +end");
    expect(peer.body(1).toString()).toBe("xxxxx");
  });

  test("a window of zero holds back DATA, not heads or ends", async () => {
    const server = await peers.server({ serve: (_, stream) => new Sender(stream, 0, 1) });
    const peer = await peers.peer(server, [4, 0]);
    peer.send(headers(1, get));
    await peer.untilStory("HEADERS 1 +end");
  });

  test("a smaller INITIAL_WINDOW_SIZE takes from the windows of open streams, below zero too (RFC 9113 6.9.2)", async () => {
    const server = await peers.server({ serve: (_, stream) => new Sender(stream, 40, 10) });
    const peer = await peers.peer(server, [4, 20]);
    peer.send(headers(1, get));
    await peer.settle();
    expect(peer.body(1).length).toBe(20);
    peer.send(settings([4, 5]), frame("WINDOW_UPDATE", 0, 1, uint32(15)));
    await peer.settle();
    expect(peer.body(1).length).toBe(20);
    peer.send(frame("WINDOW_UPDATE", 0, 1, uint32(1)));
    await peer.settle();
    expect(peer.body(1).length).toBe(21);
    peer.send(settings([4, 24]));
    await until(() => peer.story.at(-1) === "DATA 1 19 +end" || peer.body(1).length === 40, "the rest comes");
  });

  test("a window over 2^31-1 by SETTINGS is an error of the connection", async () => {
    const server = await peers.server({ serve: (_, stream) => new Receiver(stream, false) });
    const peer = await peers.peer(server, [4, 0]);
    peer.send(headers(1, post, END_HEADERS), frame("WINDOW_UPDATE", 0, 1, uint32(0x7fffffff)));
    await peer.settle();
    expect(peer.state).toBe("open");
    peer.send(settings([4, 1]));
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY FLOW_CONTROL_ERROR");
  });

  test("streams that wait for the connection's window take turns", async () => {
    const server = await peers.server({ serve: (_, stream) => new Sender(stream, 65_536, 65_536) });
    const peer = await peers.peer(server, bigWindow);
    for (const id of [1, 3, 5]) peer.send(headers(id, get));
    await until(
      () => peer.body(1).length + peer.body(3).length + peer.body(5).length === 65_535,
      "a window full",
    );
    peer.send(frame("WINDOW_UPDATE", 0, 0, uint32(3 * 16_384)));
    await peer.settle();
    expect(peer.body(3).length).toBeGreaterThan(0);
    expect(peer.body(5).length).toBeGreaterThan(0);
    peer.send(frame("WINDOW_UPDATE", 0, 0, uint32(1_000_000)));
    await until(() => [1, 3, 5].every((id) => peer.body(id).length === 65_536), "all three come whole");
  });

  test("[D05] a client that never gives room: 100 answers of 10 MB hold 64 KiB each, and their senders stand", async () => {
    const senders: Sender[] = [];
    const serve = (_: SeenRequest, stream: DownstreamStream): Sender => {
      senders.push(new Sender(stream, 10_000_000, 65_536));
      return senders.at(-1)!;
    };
    const server = await peers.server({ serve });
    const peer = await peers.peer(server, [4, 0]);
    for (let i = 0; i < 100; i++) peer.send(headers(2 * i + 1, get));
    await until(() => senders.length === 100, "all are served");
    await peer.settle();
    const [connection] = server.connections;
    for (const stream of connection!.streams.toArray()) expect(stream.queue!.length).toBe(65_536);
    for (const sender of senders) expect([sender.fulls, sender.left]).toEqual([1, 10_000_000 - 65_536]);
  });

  test("a client that reads nothing: what is written stops at the socket's bound", async () => {
    let sender: Sender | undefined;
    const server = await peers.server({
      serve: (_, stream) => (sender = new Sender(stream, 100_000_000, 65_536)),
    });
    const peer = await peers.peer(server, bigWindow);
    peer.send(frame("WINDOW_UPDATE", 0, 0, uint32(0x7000_0000)), headers(1, get));
    peer.socket.pause();
    await until(() => (sender?.fulls ?? 0) > 0, "the sender is told");
    const [connection] = server.connections;
    expect(connection!.streams.get(1)!.queue?.length ?? 0).toBeLessThanOrEqual(65_536);
    peer.socket.resume();
    await until(() => peer.body(1).length > 1_000_000, "it goes on");
  });
});

/** Takes bodies only while asked to. */
class Receiver implements RequestSink {
  readonly stream: DownstreamStream;
  length = 0;
  state = "open";

  constructor(stream: DownstreamStream, paused: boolean) {
    this.stream = stream;
    if (paused) stream.pauseRequest();
  }

  onRequestData(bytes: Buffer): Taken {
    this.length += bytes.length;
    return "done";
  }

  onRequestEnd(): void {
    this.state = "whole";
    this.stream.sendHead(plainAnswer(204, 0));
    this.stream.sendEnd(undefined);
  }

  onRequestAborted(kind: string): void {
    this.state = kind;
  }

  onDownstreamDrain(): void {}
  onRequestFlush(): void {}
}

describe("what we receive", () => {
  const kib16 = frame("DATA", 0, 1, Buffer.alloc(16_384));

  test("is given back by half windows, to the stream and to the connection", async () => {
    const server = await peers.server({ serve: (_, stream) => new Receiver(stream, false) });
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS));
    for (let i = 0; i < 40; i++) {
      peer.send(kib16);
      await peer.settle();
    }
    const updates = peer.frames.filter(({ type }) => type === "WINDOW_UPDATE");
    const of = (id: number): number[] =>
      updates.filter((u) => u.streamId === id).map((u) => u.payload.readUInt32BE());
    expect(of(1)).toEqual(Array.from({ length: 20 }, () => 32_768));
    expect(of(0)).toEqual([1_048_576 - 65_535, 524_288]);
  });

  test("is not given back while it is paused; then it is", async () => {
    let receiver: Receiver | undefined;
    const server = await peers.server({ serve: (_, stream) => (receiver = new Receiver(stream, true)) });
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS));
    for (let i = 0; i < 4; i++) peer.send(kib16);
    await peer.settle();
    expect(receiver?.length).toBe(65_536);
    expect(peer.frames.some(({ type, streamId }) => type === "WINDOW_UPDATE" && streamId === 1)).toBe(false);
    receiver?.stream.resumeRequest();
    await peer.untilStory("WINDOW_UPDATE 1 65536");
  });

  test("beyond the stream's window is an error of the stream", async () => {
    let receiver: Receiver | undefined;
    const server = await peers.server({ serve: (_, stream) => (receiver = new Receiver(stream, true)) });
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS));
    for (let i = 0; i < 4; i++) peer.send(kib16);
    peer.send(frame("DATA", 0, 1, "x"));
    await peer.untilStory("RST_STREAM 1 FLOW_CONTROL_ERROR");
    expect([receiver?.length, receiver?.state]).toEqual([65_536, "bad-request"]);
  });

  test("beyond the connection's window is an error of the connection, and padding counts", async () => {
    const server = await peers.server({
      serve: (_, stream) => new Receiver(stream, true),
      settings: { connectionWindowBytes: 65_536 },
    });
    const peer = await peers.peer(server);
    for (const id of [1, 3, 5]) peer.send(headers(id, post, END_HEADERS));
    for (const id of [1, 3])
      for (let i = 0; i < 2; i++) peer.send(frame("DATA", 0, id, Buffer.alloc(16_384)));
    const padding = Buffer.concat([Buffer.from([255]), Buffer.alloc(255)]);
    await peer.settle();
    expect(peer.state).toBe("open");
    peer.send(frame("DATA", 8, 5, padding));
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY FLOW_CONTROL_ERROR");
  });

  test("on a stream that was reset gives its room back to the connection", async () => {
    const server = await peers.server({ settings: { connectionWindowBytes: 65_536 } });
    const peer = await peers.peer(server);
    peer.send(headers(1, [...post, ["Bad", "x"]], END_HEADERS));
    for (let i = 0; i < 20; i++) {
      peer.send(kib16);
      await peer.settle();
    }
    expect(peer.state).toBe("open");
  });

  test("[D07] a million frames of one byte hold nothing back and cost nobody memory", {
    timeout: 120_000,
  }, async () => {
    let receiver: Receiver | undefined;
    const server = await peers.server({ serve: (_, stream) => (receiver = new Receiver(stream, false)) });
    const peer = await peers.peer(server);
    const thousand = Buffer.concat(Array.from({ length: 1000 }, () => frame("DATA", 0, 1, "x")));
    peer.send(headers(1, post, END_HEADERS));
    const count = 200;
    for (let i = 1; i <= count; i++) {
      peer.send(thousand);
      if (i % 20 === 0) await until(() => receiver?.length === i * 1000, "what was sent is taken");
    }
    peer.send(frame("DATA", END_STREAM, 1));
    await peer.frame("HEADERS", 1);
    expect([receiver?.length, receiver?.state]).toEqual([count * 1000, "whole"]);
  });
});

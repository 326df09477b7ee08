/** Clients that take their time over a file, either way, a byte at a time (reference D05, D07, D08). */
import { describe, expect, test } from "vitest";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import type { DownstreamStream, RequestSink, Taken } from "../stream.ts";
import { unknownLength } from "../message.ts";
import { END_HEADERS, frame, get, headers, post, uint32 } from "./testdata/frames.ts";
import { plainAnswer } from "./testdata/open-test-server.ts";
import type { RawPeer } from "./testdata/raw-peer.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();

/** Answers with as much as fits, over and over. */
class Filler implements RequestSink {
  readonly #stream: DownstreamStream;
  readonly #length: number;
  aborted = "";

  constructor(stream: DownstreamStream, length: number) {
    this.#stream = stream;
    this.#length = length;
  }

  onRequestEnd(): void {
    this.#stream.sendHead(plainAnswer(200, this.#length));
    this.onDownstreamDrain();
  }

  onDownstreamDrain(): void {
    while (this.#stream.sendData(Buffer.alloc(16_384)) !== "full");
  }

  onRequestAborted(kind: string): void {
    this.aborted = kind;
  }

  onRequestFlush(): void {}

  onRequestData(): Taken {
    return "done";
  }
}

describe("[D08] a body of declared length, a byte of DATA every five seconds", () => {
  async function upload(length: readonly (readonly [string, string])[]) {
    const clock = new ManualClock();
    const server = await peers.server({ clock });
    const peer = await peers.peer(server);
    peer.send(headers(1, [...post, ...length], END_HEADERS));
    for (let i = 0; i < 13; i++) {
      peer.send(frame("DATA", 0, 1, "x"));
      await peer.settle();
      clock.advance(5000);
    }
    await peer.settle();
    return { clock, server, peer };
  }

  test("is answered with 408 after a minute", async () => {
    const { server, peer } = await upload([["content-length", "100000"]]);
    const answer = await peer.frame("HEADERS", 1);
    expect(peer.fields(answer)).toContainEqual([":status", "408"]);
    expect(server.requests.map(({ state }) => state)).toEqual(["body-timeout"]);
    // The connection goes on.
    peer.send(headers(3, get));
    await peer.frame("HEADERS", 3);
  });

  test("without the length it goes on: it may be a stream of messages", async () => {
    const { server } = await upload([]);
    expect(server.requests.map(({ state }) => state)).toEqual(["open"]);
  });

  test("that we do not read is not late by its sender's fault", async () => {
    const clock = new ManualClock();
    const server = await peers.server({
      clock,
      serve: (_seen, stream) => {
        const sink = new Filler(stream, unknownLength);
        stream.pauseRequest();
        return sink;
      },
    });
    const peer = await peers.peer(server);
    peer.send(headers(1, [...post, ["content-length", "100000"]], END_HEADERS), frame("DATA", 0, 1, "x"));
    await peer.settle();
    clock.advance(200_000);
    await peer.settle();
    expect(peer.story.filter((line) => / 1( |$)/.test(line))).toEqual([]);
  });
});

describe("[D05] [D07] a reader that gives room for one byte a second", () => {
  async function read(length: number): Promise<{ readonly peer: RawPeer; readonly sink: Filler }> {
    const clock = new ManualClock();
    const sinks: Filler[] = [];
    const server = await peers.server({
      clock,
      serve: (_seen, stream) => {
        sinks.push(new Filler(stream, length));
        return sinks[0]!;
      },
    });
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await until(() => peer.body(1).length === 65_535, "the window is full");
    for (let second = 0; second < 310; second++) {
      if (peer.story.some((line) => line.startsWith("RST_STREAM"))) break;
      const before = peer.body(1).length;
      peer.send(frame("WINDOW_UPDATE", 0, 1, uint32(1)), frame("WINDOW_UPDATE", 0, 0, uint32(1)));
      await until(() => peer.body(1).length > before || sinks[0]!.aborted !== "", "a byte has come");
      clock.advance(1000);
    }
    await peer.settle();
    return { peer, sink: sinks[0]! };
  }

  test("loses a download: 16 KiB of it have to go within the stream's idle time", async () => {
    const { peer, sink } = await read(10_000_000);
    expect(sink.aborted).toBe("stream-idle");
    expect(peer.story.at(-1)).toMatch(/^RST_STREAM 1/);
  });

  test("keeps a stream of messages", async () => {
    const { sink } = await read(unknownLength);
    expect(sink.aborted).toBe("");
  });
});

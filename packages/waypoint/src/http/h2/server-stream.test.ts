/** Answers as frames (RFC 9113 8.1 to 8.3, RFC 9110 6.4, 8.6; reference F15, R06, R07, R09, U01). */
import { describe, expect, test } from "vitest";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { headerLine } from "@waystone/engine/headers/header-line";
import { HeaderBlock } from "../header-block.ts";
import { ResponseHead } from "../message.ts";
import type { OutgoingResponse } from "../outgoing.ts";
import type { DownstreamStream } from "../stream.ts";
import { HpackDecoder } from "./hpack/decoder.ts";
import { decodeFields } from "./testdata/decode-fields.ts";
import { END_HEADERS, type Fields, frame, get, headers, post, settings } from "./testdata/frames.ts";
import { plainAnswer, SilentSink } from "./testdata/open-test-server.ts";
import type { RawPeer } from "./testdata/raw-peer.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();

/** One request, and what a test answers to it. */
async function answerTo(
  request: Fields,
  answer: (stream: DownstreamStream) => void,
  flags?: number,
): Promise<RawPeer> {
  let stream: DownstreamStream | undefined;
  const server = await peers.server({
    serve(seen, opened) {
      stream = opened;
      return new SilentSink(seen, opened);
    },
  });
  const peer = await peers.peer(server);
  peer.send(headers(1, request, flags));
  await peer.settle();
  answer(stream!);
  await peer.settle();
  return peer;
}

function block(...lines: Fields): HeaderBlock {
  const headerBlock = new HeaderBlock();
  for (const [name, value] of lines) headerBlock.append(name, value);
  return headerBlock;
}

async function fieldsOf(response: OutgoingResponse, request: Fields = get): Promise<Fields> {
  const peer = await answerTo(request, (stream) => {
    stream.sendHead(response);
    stream.sendEnd(undefined);
  });
  return peer.fields(await peer.frame("HEADERS", 1));
}

describe("heads", () => {
  test("names are lower-case, hop-by-hop lines are left out, the length is ours", async () => {
    const lines = block(
      ["Server", "x"],
      ["Connection", "close, X-Hop"],
      ["Keep-Alive", "timeout=5"],
      ["Transfer-Encoding", "chunked"],
      ["Upgrade", "h2c"],
      ["Content-Length", "77"],
      ["X-Hop", "y"],
      ["X-End", "z"],
    );
    const connectionNames = new Set(["x-hop"]);
    const response = { ...plainAnswer(200, 0, "X-Ours:  a b \r\n"), block: lines, connectionNames };
    expect(await fieldsOf(response)).toEqual([
      [":status", "200"],
      ["server", "x"],
      ["x-end", "z"],
      ["x-ours", "a b"],
      ["content-length", "0"],
    ]);
  });

  test("modifiers see the result of those before", async () => {
    const first: HeaderModifier = {
      set: [headerLine("X-Set", "1")],
      add: [headerLine("X-Add", "2")],
      removeNames: new Set(["x-set", "x-gone"]),
    };
    const second: HeaderModifier = {
      set: [],
      add: [headerLine("X-Add", "3")],
      removeNames: new Set(["x-gone"]),
    };
    const third: HeaderModifier = {
      set: [headerLine("X-Set", "4")],
      add: [],
      removeNames: new Set(["x-set"]),
    };
    const lines = block(["X-Gone", "a"], ["X-Set", "b"], ["X-Kept", "c"]);
    const response = { ...plainAnswer(200, -1), block: lines, modifiers: [first, second, third] };
    expect(await fieldsOf(response)).toEqual([
      [":status", "200"],
      ["x-kept", "c"],
      ["x-add", "2"],
      ["x-add", "3"],
      ["x-set", "4"],
    ]);
  });

  test.for([
    ["GET", 200, 5, "5"],
    ["GET", 200, -1, undefined],
    ["HEAD", 200, 5, "5"],
    ["HEAD", 200, 0, undefined],
    ["GET", 304, 5, "5"],
    ["GET", 204, 0, undefined],
    ["GET", 418, 0, "0"],
  ] as const)("%s %i with a length of %i says %s", async ([method, status, length, said]) => {
    const request: Fields = [[":method", method], ...get.slice(1)];
    const peer = await answerTo(request, (stream) => {
      stream.sendHead(plainAnswer(status, length));
      if (method === "GET" && status === 200 && length > 0) stream.sendData(Buffer.alloc(length));
      stream.sendEnd(undefined);
    });
    const fields = new Map(peer.fields(await peer.frame("HEADERS", 1)));
    expect([fields.get(":status"), fields.get("content-length")]).toEqual([String(status), said]);
    expect(peer.story.at(-1)).toMatch(/\+end$/);
  });

  test("larger than a frame go in several, no larger than the peer takes (RFC 9113 4.3)", async () => {
    const lines = block(...Array.from({ length: 40 }, (_, i) => [`x-${i}`, `${i}`.repeat(600)] as const));
    const peer = await answerTo(get, (stream) => {
      stream.sendHead({ ...plainAnswer(200, 0), block: lines });
      stream.sendEnd(undefined);
    });
    const frames = peer.frames.filter(({ type }) => type === "HEADERS" || type === "CONTINUATION");
    expect(frames.length).toBe(3);
    expect(peer.story.slice(0, 3)).toEqual(["HEADERS 1", "CONTINUATION 1", "CONTINUATION 1"]);
    for (const { payload } of frames) expect(payload.length).toBeLessThanOrEqual(16_384);
    const all = Buffer.concat(frames.map(({ payload }) => payload));
    const { fields } = decodeFields(new HpackDecoder(4096), all);
    expect(fields.slice(1, 41)).toEqual(Array.from({ length: 40 }, (_, i) => [`x-${i}`, `${i}`.repeat(600)]));
    expect(peer.story.at(-1)).toBe("DATA 1 0 +end");
  });

  test("what came as never indexed goes on as such, and so do credentials", async () => {
    const lines = block(["x-token", "a"], ["set-cookie", "b"], ["x-other", "c"]);
    lines.markNeverIndexed(0);
    const peer = await answerTo(get, (stream) => {
      stream.sendHead({ ...plainAnswer(200, 0), block: lines });
      stream.sendEnd(undefined);
    });
    const { payload } = await peer.frame("HEADERS", 1);
    expect(decodeFields(new HpackDecoder(4096), payload).neverIndexed).toEqual(["x-token", "set-cookie"]);
  });

  test("that are the same again are the same bytes, whatever held them, and never another's", async () => {
    const decoder = new HpackDecoder(4096);
    const server = await peers.server({
      serve(seen, stream) {
        const [kind, n] = [seen.target[1], seen.target.slice(2)];
        // One object for all, as codecs do it.
        shared.clear();
        shared.append("x-kind", kind!);
        if (kind === "n") shared.append("x-number", n);
        stream.sendHead({ ...plainAnswer(200, 0, kind === "a" ? `X-Added: ${n}\r\n` : ""), block: shared });
        stream.sendEnd(undefined);
        return new SilentSink(seen, stream);
      },
    });
    const shared = new HeaderBlock();
    const peer = await peers.peer(server);
    const targets = Array.from({ length: 60 }, (_, i) => `/${"snsa"[i % 4]}${Math.floor(i / 7)}`);
    for (const [i, target] of targets.entries()) {
      peer.send(
        headers(2 * i + 1, [
          [":method", "GET"],
          [":scheme", "http"],
          [":path", target],
          [":authority", "a"],
        ]),
      );
      await peer.settle();
    }
    const answers = peer.frames.filter(({ type }) => type === "HEADERS");
    expect(answers.length).toBe(60);
    for (const [i, { payload }] of answers.entries()) {
      const { fields } = decodeFields(decoder, payload);
      const [kind, n] = [targets[i]![1]!, targets[i]!.slice(2)];
      expect(new Map(fields).get("x-kind")).toBe(kind);
      expect(new Map(fields).get("x-number")).toBe(kind === "n" ? n : undefined);
      expect(new Map(fields).get("x-added")).toBe(kind === "a" ? n : undefined);
    }
    // Two indexes by now.
    expect(answers.at(-4)!.payload.length).toBe(2);
  });
});

describe("1xx", () => {
  test("goes before the head, and never after it", async () => {
    const hints = new ResponseHead();
    hints.status = 103;
    hints.headers.append("Link", "</a>");
    const peer = await answerTo(get, (stream) => {
      stream.sendInformational(hints);
      stream.sendHead(plainAnswer(200, 0));
      stream.sendInformational(hints);
      stream.sendEnd(undefined);
    });
    expect(peer.story).toEqual(["HEADERS 1", "HEADERS 1 +end"]);
    const [first, second] = peer.frames.filter(({ type }) => type === "HEADERS");
    expect(peer.fields(first!)).toEqual([
      [":status", "103"],
      ["link", "</a>"],
    ]);
    expect(peer.fields(second!)[0]).toEqual([":status", "200"]);
  });
});

describe("ends", () => {
  test("are on the last frame where that is not on its way yet", async () => {
    const peer = await answerTo(get, (stream) => {
      stream.sendHead(plainAnswer(200, 6));
      stream.sendData(Buffer.from("abc"));
      stream.sendData(Buffer.from("def"));
      stream.sendEnd(undefined);
    });
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 3", "DATA 1 3 +end"]);
  });

  test("are on a frame of their own where it is", async () => {
    let stream: DownstreamStream | undefined;
    const peer = await answerTo(get, (opened) => {
      stream = opened;
      opened.sendHead(plainAnswer(200, -1));
      opened.sendData(Buffer.from("abc"));
    });
    stream?.sendEnd(undefined);
    await peer.untilStory("DATA 1 0 +end");
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 3", "DATA 1 0 +end"]);
  });

  test("have trailers: not those that mean something before a body (RFC 9110 6.5.1)", async () => {
    const peer = await answerTo(get, (stream) => {
      stream.sendHead(plainAnswer(200, -1));
      stream.sendData(Buffer.from("abc"));
      stream.sendEnd(
        block(["Grpc-Status", "0"], ["Content-Length", "5"], ["Set-Cookie", "a"], ["Checksum", "7"]),
      );
    });
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 3", "HEADERS 1 +end"]);
    const [first, last] = peer.frames.filter(({ type }) => type === "HEADERS");
    peer.fields(first!);
    expect(peer.fields(last!)).toEqual([
      ["grpc-status", "0"],
      ["checksum", "7"],
    ]);
  });

  test("that come before what was declared are no ends: RST_STREAM (F15)", async () => {
    const peer = await answerTo(get, (stream) => {
      stream.sendHead(plainAnswer(200, 10));
      stream.sendData(Buffer.from("abc"));
      stream.sendEnd(undefined);
    });
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 3", "RST_STREAM 1 INTERNAL_ERROR"]);
  });

  test("that never come: RST_STREAM", async () => {
    const peer = await answerTo(get, (stream) => {
      stream.sendHead(plainAnswer(200, -1));
      stream.reset();
      stream.sendData(Buffer.from("late"));
      stream.sendEnd(undefined);
    });
    expect(peer.story).toEqual(["HEADERS 1", "RST_STREAM 1 INTERNAL_ERROR"]);
  });

  test("before the request's: the answer is whole, the rest of the request is not wanted (R06)", async () => {
    const peer = await answerTo(
      post,
      (stream) => {
        stream.sendHead(plainAnswer(413, 0));
        stream.sendEnd(undefined);
      },
      END_HEADERS,
    );
    peer.send(frame("DATA", 0, 1, "more"), frame("DATA", 1, 1, "more"), headers(3, get));
    await peer.settle();
    expect(peer.story).toEqual(["HEADERS 1 +end", "RST_STREAM 1 NO_ERROR"]);
    expect(peer.state).toBe("open");
  });
});

test("the peer's table size is kept to, whatever it is set to between answers", async () => {
  const server = await peers.server();
  const peer = await peers.peer(server);
  const decoder = new HpackDecoder(65_536);
  for (const [i, size] of [0, 4096, 100, 65_536, 0].entries()) {
    peer.send(settings([1, size]), headers(2 * i + 1, get));
    const { payload } = await peer.frame("HEADERS", 2 * i + 1);
    const { fields } = decodeFields(decoder, payload);
    expect(fields).toEqual([
      [":status", "200"],
      ["content-length", "0"],
    ]);
    expect(decoder.table.size).toBeLessThanOrEqual(size);
  }
});

/** What each frame may be and when (RFC 9113 4 to 6): bytes in, the verdict of the connection out. */
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
  PADDED,
  post,
  PRIORITY,
  settings,
  uint32,
} from "./testdata/frames.ts";
import { SilentSink } from "./testdata/open-test-server.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();
const open = headers(1, post, END_HEADERS);

async function storyOf(...parts: readonly Buffer[]): Promise<string[]> {
  const server = await peers.server();
  const peer = await peers.peer(server);
  peer.send(...parts);
  await peer.settle();
  return peer.story;
}

describe("[H01] an error of the connection: GOAWAY, and nothing after it", () => {
  test.for([
    ["DATA on stream 0", "PROTOCOL_ERROR", [frame("DATA", 0, 0, "x")]],
    ["HEADERS on stream 0", "PROTOCOL_ERROR", [frame("HEADERS", END_HEADERS, 0, block(get))]],
    ["PRIORITY on stream 0", "PROTOCOL_ERROR", [frame("PRIORITY", 0, 0, Buffer.alloc(5))]],
    ["RST_STREAM on stream 0", "PROTOCOL_ERROR", [frame("RST_STREAM", 0, 0, uint32(8))]],
    ["SETTINGS on a stream", "PROTOCOL_ERROR", [frame("SETTINGS", 0, 1)]],
    ["PING on a stream", "PROTOCOL_ERROR", [frame("PING", 0, 1, Buffer.alloc(8))]],
    ["GOAWAY on a stream", "PROTOCOL_ERROR", [frame("GOAWAY", 0, 1, uint32(0, 0))]],
    ["PUSH_PROMISE from a client", "PROTOCOL_ERROR", [frame("PUSH_PROMISE", END_HEADERS, 1, uint32(2))]],
    ["CONTINUATION of nothing", "PROTOCOL_ERROR", [frame("CONTINUATION", END_HEADERS, 1)]],
    ["CONTINUATION after a block's end", "PROTOCOL_ERROR", [open, frame("CONTINUATION", END_HEADERS, 1)]],
    ["DATA on an idle stream", "PROTOCOL_ERROR", [frame("DATA", 0, 1, "x")]],
    ["RST_STREAM on an idle stream", "PROTOCOL_ERROR", [frame("RST_STREAM", 0, 1, uint32(8))]],
    ["WINDOW_UPDATE on an idle stream", "PROTOCOL_ERROR", [frame("WINDOW_UPDATE", 0, 1, uint32(1))]],
    ["a stream with an even number", "PROTOCOL_ERROR", [headers(2, get)]],
    ["a stream older than the newest", "STREAM_CLOSED", [headers(5, get), headers(3, get)]],
    [
      "another frame within a header block",
      "PROTOCOL_ERROR",
      [headers(1, get, 0), frame("PING", 0, 0, uint32(1, 2))],
    ],
    [
      "a block continued on another stream",
      "PROTOCOL_ERROR",
      [headers(1, get, 0), frame("CONTINUATION", 4, 3)],
    ],
    ["an unknown frame within a header block", "PROTOCOL_ERROR", [headers(1, get, 0), frame(0x16, 0, 1)]],
    ["a frame over 16,384 bytes", "FRAME_SIZE_ERROR", [frame("DATA", 0, 1, Buffer.alloc(16_385))]],
    ["RST_STREAM of three bytes", "FRAME_SIZE_ERROR", [open, frame("RST_STREAM", 0, 1, "xxx")]],
    ["PING of seven bytes", "FRAME_SIZE_ERROR", [frame("PING", 0, 0, "1234567")]],
    ["WINDOW_UPDATE of five bytes", "FRAME_SIZE_ERROR", [frame("WINDOW_UPDATE", 0, 0, "12345")]],
    ["PRIORITY of four bytes", "FRAME_SIZE_ERROR", [frame("PRIORITY", 0, 1, "1234")]],
    ["GOAWAY of seven bytes", "FRAME_SIZE_ERROR", [frame("GOAWAY", 0, 0, "1234567")]],
    ["SETTINGS of five bytes", "FRAME_SIZE_ERROR", [frame("SETTINGS", 0, 0, "12345")]],
    [
      "an acknowledgement with settings",
      "FRAME_SIZE_ERROR",
      [frame("SETTINGS", ACK, 0, uint32(0, 0).subarray(2))],
    ],
    ["a padded DATA frame without its pad length", "FRAME_SIZE_ERROR", [open, frame("DATA", PADDED, 1)]],
    ["padding as long as its frame", "PROTOCOL_ERROR", [open, frame("DATA", PADDED, 1, "\x05abcd")]],
    [
      "HEADERS with more padding than frame",
      "PROTOCOL_ERROR",
      [frame("HEADERS", PADDED | END_HEADERS, 1, "\x09abc")],
    ],
    [
      "HEADERS without room for their priority",
      "FRAME_SIZE_ERROR",
      [frame("HEADERS", PRIORITY | END_HEADERS, 1, "ab")],
    ],
    ["ENABLE_PUSH of 2", "PROTOCOL_ERROR", [settings([2, 2])]],
    ["INITIAL_WINDOW_SIZE of 2^31", "FLOW_CONTROL_ERROR", [settings([4, 2 ** 31])]],
    ["MAX_FRAME_SIZE of 16,383", "PROTOCOL_ERROR", [settings([5, 16_383])]],
    ["MAX_FRAME_SIZE of 2^24", "PROTOCOL_ERROR", [settings([5, 2 ** 24])]],
    [
      "WINDOW_UPDATE of nothing on the connection",
      "PROTOCOL_ERROR",
      [frame("WINDOW_UPDATE", 0, 0, uint32(0))],
    ],
    [
      "a connection window over 2^31-1",
      "FLOW_CONTROL_ERROR",
      [frame("WINDOW_UPDATE", 0, 0, uint32(0x7fffffff))],
    ],
    ["a header block that is not HPACK", "COMPRESSION_ERROR", [frame("HEADERS", END_HEADERS, 1, "\x80")]],
  ] as const)("%s is %s", async ([, code, parts]) => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(...parts);
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe(`GOAWAY ${code}`);
    expect(peer.state).toBe("ended");
  });

  test.for([
    ["bytes that are not the preface", [Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]],
    ["another frame than SETTINGS at first", [magic, frame("PING", 0, 0, Buffer.alloc(8))]],
    ["an acknowledgement at first", [magic, frame("SETTINGS", ACK, 0)]],
    ["DATA at first", [magic, frame("DATA", 0, 1, "x")]],
    ["an unknown frame at first", [magic, frame(0x99, 0, 0, "x")]],
  ] as const)("%s is PROTOCOL_ERROR", async ([, parts]) => {
    const server = await peers.server();
    const peer = await peers.mute(server);
    peer.send(...parts);
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY PROTOCOL_ERROR");
    expect(server.requests).toEqual([]);
  });
});

describe("[H01] an error of one stream: RST_STREAM, and the others go on", () => {
  test.for([
    [
      "DATA after the end",
      "STREAM_CLOSED",
      [headers(1, post, END_HEADERS | END_STREAM), frame("DATA", 0, 1, "x")],
    ],
    ["WINDOW_UPDATE of nothing", "PROTOCOL_ERROR", [open, frame("WINDOW_UPDATE", 0, 1, uint32(0))]],
    [
      "a stream's window over 2^31-1",
      "FLOW_CONTROL_ERROR",
      [open, frame("WINDOW_UPDATE", 0, 1, uint32(0x7fffffff))],
    ],
    [
      "HEADERS within a body that do not end it",
      "PROTOCOL_ERROR",
      [open, headers(1, [["a", "b"]], END_HEADERS)],
    ],
    ["a pseudo-header in trailers", "PROTOCOL_ERROR", [open, headers(1, [[":path", "/"]])]],
    ["an upper-case name in trailers", "PROTOCOL_ERROR", [open, headers(1, [["A", "b"]])]],
  ] as const)("%s is %s", async ([, code, parts]) => {
    const server = await peers.server({ serve: (seen, stream) => new SilentSink(seen, stream) });
    const peer = await peers.peer(server);
    peer.send(...parts);
    await peer.untilStory(`RST_STREAM 1 ${code}`);
    peer.send(headers(3, get));
    await peer.settle();
    expect(peer.state).toBe("open");
    // What came to nothing within one read was never served.
    expect(server.requests.length).toBe(1);
  });

  test("an error on a stream that is being served aborts its exchange", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(open);
    await peer.settle();
    peer.send(frame("WINDOW_UPDATE", 0, 1, uint32(0)));
    await peer.untilStory("RST_STREAM 1 PROTOCOL_ERROR");
    expect(server.requests.map(({ state }) => state)).toEqual(["bad-request"]);
  });
});

test("HEADERS on a stream that both sides ended are an error of the connection: STREAM_CLOSED", async () => {
  const server = await peers.server();
  const peer = await peers.peer(server);
  peer.send(headers(1, get));
  await peer.settle();
  peer.send(headers(1, get));
  await peer.untilOver();
  expect(peer.story.at(-1)).toBe("GOAWAY STREAM_CLOSED");
});

test("DATA on a stream that both sides ended is answered by RST_STREAM", async () => {
  const server = await peers.server();
  const peer = await peers.peer(server);
  peer.send(headers(1, get));
  await peer.settle();
  peer.send(frame("DATA", 0, 1, "x"));
  await peer.untilStory("RST_STREAM 1 STREAM_CLOSED");
  expect(peer.state).toBe("open");
});

describe("what is fine", () => {
  test("an unknown frame, unknown flags, unknown settings and the reserved bit are ignored (RFC 9113 4.1, 5.5, 6.5.2)", async () => {
    const reserved = frame("PING", 0xfe, 0x8000_0000 >>> 0, Buffer.alloc(8));
    expect(
      await storyOf(frame(0x16, 0xff, 3, "whatever"), settings([0x99, 7]), reserved, headers(1, get)),
    ).toEqual(["HEADERS 1 +end"]);
  });

  test("PRIORITY on any stream, whatever it says (RFC 9113 5.3.2)", async () => {
    const onItself = frame("PRIORITY", 0, 1, Buffer.concat([uint32(1), Buffer.from([5])]));
    const inHeaders = frame(
      "HEADERS",
      END_HEADERS | END_STREAM | PRIORITY,
      1,
      Buffer.concat([uint32(1), Buffer.from([5]), block(get)]),
    );
    expect(await storyOf(onItself, inHeaders, onItself)).toEqual(["HEADERS 1 +end"]);
  });

  test("padding, which counts for the windows and for nothing else", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    const padded = Buffer.concat([Buffer.from([3]), block(post), Buffer.alloc(3)]);
    const body = Buffer.concat([Buffer.from([4]), Buffer.from("hello"), Buffer.alloc(4)]);
    peer.send(frame("HEADERS", END_HEADERS | PADDED, 1, padded), frame("DATA", PADDED | END_STREAM, 1, body));
    await peer.untilStory("DATA 1 5 +end");
    expect(server.requests[0]?.body).toBe("hello");
  });

  test("a header block in as many pieces as it has bytes", async () => {
    const bytes = block(get);
    const pieces = Array.from(bytes, (_, at) =>
      frame(
        at === 0 ? "HEADERS" : "CONTINUATION",
        (at === 0 ? END_STREAM : 0) | (at === bytes.length - 1 ? END_HEADERS : 0),
        1,
        bytes.subarray(at, at + 1),
      ),
    );
    expect(await storyOf(...pieces)).toEqual(["HEADERS 1 +end"]);
  });

  test("WINDOW_UPDATE, RST_STREAM and PRIORITY on a stream that is over (RFC 9113 5.1)", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, get));
    await peer.settle();
    peer.send(
      frame("WINDOW_UPDATE", 0, 1, uint32(5)),
      frame("RST_STREAM", 0, 1, uint32(8)),
      frame("PRIORITY", 0, 1, Buffer.alloc(5)),
      headers(3, get),
    );
    await peer.frame("HEADERS", 3);
    expect(peer.story).toEqual(["HEADERS 1 +end", "HEADERS 3 +end"]);
  });

  test("DATA and trailers on a stream that we reset, still under way (RFC 9113 5.1)", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    const bad = headers(1, [...post, ["Upper", "x"]], END_HEADERS);
    peer.send(bad, frame("DATA", 0, 1, "abc"), headers(1, [["t", "u"]]), headers(3, get));
    await peer.frame("HEADERS", 3);
    expect(peer.story).toEqual(["RST_STREAM 1 PROTOCOL_ERROR", "HEADERS 3 +end"]);
    expect(server.refused).toEqual(["bad-request: a field name with a character it cannot have"]);
  });

  test("PING comes back with its bytes, SETTINGS are acknowledged in order", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(frame("PING", 0, 0, "abcdefgh"), settings([3, 7]));
    expect((await peer.frame("PING")).payload.toString()).toBe("abcdefgh");
    await peer.settle();
    expect(peer.frames.filter(({ type, flags }) => type === "SETTINGS" && flags === ACK).length).toBe(2);
  });
});

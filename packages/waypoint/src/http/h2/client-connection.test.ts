/** The client side against an endpoint that says exactly what it is told (RFC 9113; reference R02, R06, R08, D04, D07). */
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { END_HEADERS, END_STREAM, frame, headers, settings, uint32 } from "./testdata/frames.ts";
import { Answer } from "./testdata/open-test-client.ts";
import { ok, okWith, useClientPairs } from "./testdata/use-client-pairs.ts";

const { openPair } = useClientPairs();

test("it introduces itself: preface, SETTINGS that forbid pushes, a window for the connection", async () => {
  const { peer } = await openPair();
  const { payload } = await peer.frame("SETTINGS");
  const said = Array.from({ length: payload.length / 6 }, (_, i) => [
    payload.readUInt16BE(6 * i),
    payload.readUInt32BE(6 * i + 2),
  ]);
  expect(said).toEqual([
    [2, 0],
    // Odd, so that no usual piece of an answer ends just where the window does.
    [4, 65_537],
    [6, 65_536],
    [1, 4096],
  ]);
  expect((await peer.frame("WINDOW_UPDATE", 0)).payload.readUInt32BE()).toBe(8 * 1024 * 1024 - 65_535);
});

describe("requests", () => {
  test("have their pseudo-headers first, names in lower case, and END_STREAM on their last frame", async () => {
    const { client, peer } = await openPair();
    client.ask({ added: "X-Foo: Bar\r\n", acceptsTrailers: true });
    client.ask({ method: "POST", target: "/a?b" }, Buffer.from("hello"));
    const first = await peer.frame("HEADERS", 1);
    expect(peer.fields(first)).toEqual([
      [":method", "GET"],
      [":scheme", "http"],
      [":authority", "web.shop"],
      [":path", "/"],
      ["x-foo", "Bar"],
      ["te", "trailers"],
    ]);
    const second = await peer.frame("HEADERS", 3);
    expect(peer.fields(second)).toEqual([
      [":method", "POST"],
      [":scheme", "http"],
      [":authority", "web.shop"],
      [":path", "/a?b"],
      ["content-length", "5"],
    ]);
    await peer.untilStory("DATA 3 5 +end");
    expect(peer.story).toEqual(["HEADERS 1 +end", "HEADERS 3", "DATA 3 5 +end"]);
  });

  test("with less than their length are reset, never ended", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask({ method: "POST", bodyLength: 5 });
    answer.stream?.sendData(Buffer.from("abc"));
    answer.stream?.sendEnd(undefined);
    await peer.untilStory("RST_STREAM 1 CANCEL");
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 3", "RST_STREAM 1 CANCEL"]);
  });

  test("wait where the endpoint gives no room, and say when there is again", async () => {
    const { client, peer } = await openPair({}, [4, 10]);
    const answer = client.ask({ method: "POST", bodyLength: 30 });
    expect(answer.stream?.sendData(Buffer.alloc(30))).toBe("full");
    answer.stream?.sendEnd(undefined);
    await peer.untilStory("DATA 1 10");
    peer.send(frame("WINDOW_UPDATE", 0, 1, uint32(100)));
    await peer.untilStory("DATA 1 20 +end");
    const open = client.ask({ method: "POST", bodyLength: -1 });
    expect(open.stream?.sendData(Buffer.alloc(11))).toBe("full");
    peer.send(frame("WINDOW_UPDATE", 0, 3, uint32(100)));
    await until(() => open.drains === 1, "the sender hears of room");
  });

  test("that are given up are reset with CANCEL; late frames on them are no error", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    answer.stream?.cancel();
    peer.send(headers(1, okWith(["a", "b"]), END_HEADERS), frame("DATA", END_STREAM, 1, "late"));
    await peer.untilStory("RST_STREAM 1 CANCEL");
    await peer.settle();
    expect([answer.state, peer.state, client.state()]).toEqual(["open", "open", "open"]);
    const next = client.ask();
    await peer.frame("HEADERS", 3);
    peer.send(headers(3, ok));
    expect((await next.over()).state).toBe("whole");
  });
});

describe("answers", () => {
  test("with 1xx before them, a body and trailers", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    peer.send(
      headers(
        1,
        [
          [":status", "103"],
          ["link", "</a>"],
        ],
        END_HEADERS,
      ),
    );
    peer.send(headers(1, okWith(["content-type", "text/plain"]), END_HEADERS));
    peer.send(frame("DATA", 0, 1, "hel"), frame("DATA", 0, 1, "lo"), headers(1, [["checksum", "7"]]));
    await answer.over();
    expect(answer).toMatchObject({
      state: "whole",
      informational: [103],
      status: 200,
      bodyLength: -1,
      headers: [["content-type", "text/plain"]],
      trailers: [["checksum", "7"]],
    });
    expect(answer.body.toString()).toBe("hello");
  });

  test.for([
    ["without a body", "GET", "200", [], 0],
    ["to HEAD, which declare a length", "HEAD", "200", [["content-length", "5"]], 5],
    ["304, which declare a length", "GET", "304", [["content-length", "5"]], 5],
    ["204", "GET", "204", [], 0],
  ] as const)("%s end with their head", async ([, method, status, fields, length]) => {
    const { client, peer } = await openPair();
    const answer = client.ask({ method });
    await peer.frame("HEADERS", 1);
    peer.send(headers(1, [[":status", status], ...fields]));
    await answer.over();
    expect(answer).toMatchObject({ state: "whole", status: Number(status), bodyLength: length });
  });

  test("before the end of their request are passed on, and the rest of it is not sent (R06)", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask({ method: "POST", bodyLength: 100 });
    await peer.frame("HEADERS", 1);
    peer.send(headers(1, [[":status", "413"]]), frame("RST_STREAM", 0, 1, uint32(0)));
    await answer.over();
    expect([answer.state, answer.status]).toEqual(["whole", 413]);
    await peer.untilStory("RST_STREAM 1 NO_ERROR");
    expect(answer.stream?.sendData(Buffer.from("more"))).toBe("done");
  });

  test.for([
    ["no :status", [["a", "b"]]],
    ["two :status", [...ok, ...ok]],
    [":status of two digits", [[":status", "20"]]],
    [":status 101", [[":status", "101"]]],
    [":status 600", [[":status", "600"]]],
    ["a 1xx that ends", [[":status", "100"]]],
    ["a request's pseudo-header", okWith([":path", "/"])],
    ["an upper-case name", okWith(["Server", "x"])],
    ["connection", okWith(["connection", "close"])],
    ["transfer-encoding", okWith(["transfer-encoding", "chunked"])],
    ["a value with LF", okWith(["a", "b\nc: d"])],
    ["a value with NUL", okWith(["a", "\0"])],
    ["two lengths", okWith(["content-length", "0"], ["content-length", "0"])],
    ["a length and no DATA", okWith(["content-length", "5"])],
    ["101 lines", okWith(...Array.from({ length: 101 }, (_, i) => [`x-${i}`, ""] as const))],
  ] as const)("with %s are invalid: reset, and the connection goes on", async ([, fields]) => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    peer.send(headers(1, fields));
    await answer.over();
    expect(answer.state).toMatch(/^upstream-protocol: /);
    await peer.untilStory("RST_STREAM 1 PROTOCOL_ERROR");
    expect([answer.status, client.state(), client.connection.capacity > 0]).toEqual([0, "open", true]);
  });

  test.for([
    ["DATA before the head", [frame("DATA", 0, 1, "x"), frame("DATA", END_STREAM, 1)]],
    [
      "more DATA than the length",
      [headers(1, okWith(["content-length", "2"]), END_HEADERS), frame("DATA", 0, 1, "abc")],
    ],
    [
      "less DATA than the length",
      [headers(1, okWith(["content-length", "2"]), END_HEADERS), frame("DATA", 1, 1, "a")],
    ],
    ["DATA of a 204", [headers(1, [[":status", "204"]], END_HEADERS), frame("DATA", 1, 1, "a")]],
    ["a second head that is no end", [headers(1, ok, END_HEADERS), headers(1, ok, END_HEADERS)]],
    ["a pseudo-header in trailers", [headers(1, ok, END_HEADERS), headers(1, ok)]],
    ["17 answers of 1xx", Array.from({ length: 17 }, () => headers(1, [[":status", "103"]], END_HEADERS))],
  ] as const)("with %s are invalid", async ([, parts]) => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    peer.send(...parts);
    await answer.over();
    expect(answer.state).toMatch(/^upstream-protocol: /);
    await peer.untilStory("RST_STREAM 1 PROTOCOL_ERROR");
  });

  test("are not asked for faster than their reader takes them", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    answer.taken = "full";
    await peer.frame("HEADERS", 1);
    peer.send(headers(1, ok, END_HEADERS));
    for (let i = 0; i < 4; i++) peer.send(frame("DATA", 0, 1, Buffer.alloc(16_384)));
    await until(() => answer.body.length === 65_536, "a window of it");
    await peer.settle();
    expect(peer.story).toEqual(["HEADERS 1 +end"]);
    answer.stream?.resumeResponse();
    await peer.untilStory("WINDOW_UPDATE 1 65536");
  });
});

describe("how many at a time", () => {
  test("as many as the endpoint allows, none for none (CVE-2021-32780), and no more than our own bound", async () => {
    const { client, peer } = await openPair({ settings: { upstreamStreams: 50 } }, [3, 2]);
    const { connection } = client;
    expect(connection.capacity).toBe(2);
    const [first] = [client.ask(), client.ask()];
    expect(connection.capacity).toBe(0);
    peer.send(settings([3, 0]), headers(1, ok));
    await first.over();
    expect(connection.capacity).toBe(0);
    peer.send(settings([3, 1000]));
    await until(() => connection.capacity === 49, "the bound is ours");
  });

  test("one that is begun counts until it is given up", async () => {
    const { client } = await openPair({}, [3, 1]);
    const stream = client.connection.begin(new Answer());
    expect(client.connection.capacity).toBe(0);
    stream.cancel();
    expect(client.connection.capacity).toBe(1);
  });

  test("retired: what is under way finishes, then the connection ends", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    client.connection.retire();
    expect(client.connection.capacity).toBe(0);
    await peer.frame("HEADERS", 1);
    peer.send(headers(1, ok));
    expect((await answer.over()).state).toBe("whole");
    await peer.untilOver();
    expect(peer.state).toBe("ended");
  });
});

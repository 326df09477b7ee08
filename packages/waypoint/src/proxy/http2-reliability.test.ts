/**
 * The lines of the reference's 3.1 to 3.6 that hold for HTTP/2 clients too, in front of an endpoint that speaks HTTP/1.1: what
 * it reads, byte for byte, and what the client hears. (What is malformed in HTTP/2 itself: http2-attacks.test.ts.)
 */
import { MatchType } from "@waystone/api/resources";
import { okAnswer, type RecordingUpstream } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import {
  END_HEADERS,
  END_STREAM,
  type Fields,
  frame,
  get,
  headers,
  post,
} from "../http/h2/testdata/frames.ts";
import { openPeer, type RawPeer } from "../http/h2/testdata/raw-peer.ts";
import { type RigPlane, type RigPlaneOptions, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();
const clients: RawPeer[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** In place of an answer: the test says what the endpoint does. */
const byHand = "";

interface Pair {
  readonly plane: RigPlane;
  readonly upstream: RecordingUpstream;
  readonly client: RawPeer;
}

async function openPair(answer: string = okAnswer, options: Partial<RigPlaneOptions> = {}): Promise<Pair> {
  const upstream = await rig.openUpstream({ answer: () => (answer === byHand ? undefined : answer) });
  const plane = await rig.openPlane({ upstreams: [upstream], ...options });
  const client = await openPeer(plane.port);
  clients.push(client);
  return { plane, upstream, client };
}

function replaced(fields: Fields, name: string, value: string): Fields {
  return fields.map((field) => (field[0] === name ? [name, value] : field));
}

async function statusOf(client: RawPeer, streamId = 1): Promise<string | undefined> {
  return Object.fromEntries(client.fields(await client.frame("HEADERS", streamId)))[":status"];
}

describe("3.1 framing", () => {
  test("[F12] a body without a length is chunked anew, whatever its DATA frames were; one with a length keeps it", async () => {
    const { client, upstream } = await openPair();
    client.send(
      headers(1, post, END_HEADERS),
      frame("DATA", 0, 1, "he"),
      frame("DATA", END_STREAM, 1, "llo"),
    );
    await client.frame("DATA", 1);
    client.send(
      headers(3, [...post, ["content-length", "5"]], END_HEADERS),
      frame("DATA", END_STREAM, 3, "hello"),
    );
    await client.frame("DATA", 3);
    const framing = upstream.requests.map(({ headers: lines, body }) => [
      lines
        .filter(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
        .join()
        .toLowerCase(),
      body.toString(),
    ]);
    expect(framing).toEqual([
      ["transfer-encoding,chunked", "hello"],
      ["content-length,5", "hello"],
    ]);
  });

  test.for(["GET", "DELETE", "OPTIONS", "HEAD"])(
    "[F13] a request hidden in the body of a %s stays its body",
    async (method) => {
      const { client, upstream } = await openPair();
      const hidden = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send(
        headers(1, replaced(get, ":method", method), END_HEADERS),
        frame("DATA", END_STREAM, 1, hidden),
      );
      expect(await statusOf(client)).toBe("200");
      expect(upstream.requests.map((request) => [request.method, request.body.toString()])).toEqual([
        [method, hidden],
      ]);
    },
  );

  test("[F14] a POST that ends with its head has no body, and what follows is the next request", async () => {
    const { client, upstream } = await openPair();
    client.send(headers(1, post), headers(3, replaced(get, ":path", "/next")));
    await client.frame("DATA", 3);
    await client.frame("DATA", 1);
    const seen = upstream.requests.map(({ method, target, body }) => `${method} ${target} ${body.length}`);
    expect(seen.sort()).toEqual(["GET /next 0", "POST / 0"]);
  });

  test("[F15] a request that its client breaks off is never whole upstream, and its connection is not used again", async () => {
    const { client, upstream } = await openPair();
    client.send(headers(1, post, END_HEADERS), frame("DATA", 0, 1, "half"));
    const broken = await upstream.connection();
    await until(() => broken.bytes.includes("half"), "half a body");
    client.send(frame("RST_STREAM", 0, 1, Buffer.from([0, 0, 0, 8])));
    await until(() => broken.peerState !== "open", "its connection is gone");
    client.send(headers(3, get));
    expect(await statusOf(client, 3)).toBe("200");
    expect(upstream.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(upstream.connections.length).toBe(2);
  });

  test.for([
    ["of a declared length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"],
    ["in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
  ])("[F15] an answer %s that is cut short is a RST_STREAM with INTERNAL_ERROR", async ([, answer]) => {
    const { client, upstream } = await openPair(byHand);
    client.send(headers(1, get));
    const connection = await upstream.connection();
    await upstream.request();
    connection.write(answer!);
    await client.frame("DATA", 1);
    connection.halfClose();
    await client.untilStory("RST_STREAM 1 INTERNAL_ERROR");
    expect(client.body(1).toString()).toBe("half");
  });
});

describe("3.2 lines, headers, characters", () => {
  test("[L05] bytes 0x80 to 0xff in a value are forwarded as they are", async () => {
    const { client, upstream } = await openPair();
    client.send(headers(1, [...get, ["x-bytes", "\x80\x85\xa0\xff"]]));
    await statusOf(client);
    expect(upstream.bytes.includes(Buffer.from("x-bytes: \x80\x85\xa0\xff\r\n", "latin1"))).toBe(true);
  });

  test("[L09] crumbs of a cookie count, each with what it takes decoded: 431 (CVE-2026-47774)", async () => {
    const { client, upstream } = await openPair();
    // The second and all others are one byte each: an index into the table.
    const crumb = Buffer.concat([Buffer.from([0x60, 100]), Buffer.alloc(100, "c")]);
    const block = Buffer.concat([headers(1, get).subarray(9), crumb, Buffer.alloc(1000, 0xbe)]);
    client.send(frame("HEADERS", END_HEADERS | END_STREAM, 1, block));
    expect(await statusOf(client)).toBe("431");
    expect(upstream.connections.length).toBe(0);
  });

  test("[L10] a header match looks at every value of a repeated header", async () => {
    const { client } = await openPair(okAnswer, {
      rules: [
        {
          matches: [
            {
              path: { type: MatchType.PREFIX, value: "/" },
              headers: [{ name: "x-role", value: "admin", type: MatchType.EXACT }],
            },
          ],
          backends: [{ service: "shop/web", port: 80, weight: 1 }],
        },
      ],
    });
    client.send(headers(1, [...get, ["x-role", "user"], ["x-role", "admin"]]));
    expect(await statusOf(client)).toBe("404");
  });

  test("[L12] a name with _ never passes for its twin with -", async () => {
    const { client, upstream } = await openPair();
    client.send(headers(1, [...post, ["content_length", "5"]]));
    await until(() => client.story.length > 0, "an answer");
    expect(client.story[0]).toMatch(/^(RST_STREAM 1 PROTOCOL_ERROR|HEADERS 1)/);
    expect(upstream.requests.length).toBe(0);
  });
});

describe("3.3 target, host, path", () => {
  test.for([
    ["/a/../admin", "/admin"],
    ["/./admin", "/admin"],
    ["/%2e%2e/admin", "/admin"],
    ["/%61dmin", "/admin"],
    ["/admin?x=/../%2e", "/admin?x=/../%2e"],
    ["/q?a=1&a=2&b=&c+d;e", "/q?a=1&a=2&b=&c+d;e"],
  ])("[T05] %s is forwarded as %s, the text that was matched", async ([path, forwarded]) => {
    const { client, upstream } = await openPair();
    client.send(headers(1, replaced(get, ":path", path!)));
    await statusOf(client);
    expect(upstream.requests[0]?.target).toBe(forwarded);
  });

  test("[T04] CONNECT without a protocol is refused, and OPTIONS * is OPTIONS *", async () => {
    const { client, upstream } = await openPair();
    client.send(
      headers(1, [
        [":method", "CONNECT"],
        [":authority", "127.0.0.1:15000"],
      ]),
    );
    await until(() => client.story.length > 0, "an answer");
    if (client.story[0] === "HEADERS 1") expect(await statusOf(client)).toMatch(/^4/);
    expect(upstream.connections.length).toBe(0);
  });

  test("[T01] neither :authority nor Host: refused; Host alone is the authority", async () => {
    const { client, upstream } = await openPair();
    const without = get.filter(([name]) => name !== ":authority");
    client.send(headers(1, without));
    await until(() => client.story.length > 0, "an answer");
    expect(upstream.requests.length).toBe(0);
    client.send(headers(3, [...without, ["host", "web.shop"]]));
    expect(await statusOf(client, 3)).toBe("200");
    expect(upstream.requests[0]?.headers.filter(([name]) => /^host$/i.test(name))).toEqual([
      ["Host", "web.shop"],
    ]);
  });
});

describe("3.4 hop-by-hop and forwarding", () => {
  test("[U01] TE: trailers is asked for anew; proxy credentials stay behind", async () => {
    const { client, upstream } = await openPair();
    client.send(headers(1, [...get, ["te", "trailers"], ["proxy-authorization", "secret"]]));
    await statusOf(client);
    const names = upstream.requests[0]!.headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain("proxy-authorization");
    expect(names).not.toContain("keep-alive");
  });

  test("[U03] what a stranger says of whom it forwards for is replaced", async () => {
    const { client, upstream } = await openPair();
    client.send(headers(1, [...get, ["x-forwarded-for", "6.6.6.6"], ["x-forwarded-proto", "https"]]));
    await statusOf(client);
    const said = Object.fromEntries(
      upstream.requests[0]!.headers.map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect([said["x-forwarded-for"], said["x-forwarded-proto"]]).toEqual(["127.0.0.1", "http"]);
  });
});

describe("3.5 responses, 1xx, trailers", () => {
  test.for([
    [
      "Content-Length and chunked together",
      "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"],
    ["NUL in a value", "X: a\0b\r\nContent-Length: 2\r\n\r\nok"],
  ])("[R02] an answer with %s is 502, and nothing of it is passed on", async ([, rest]) => {
    const { client } = await openPair(`HTTP/1.1 200 OK\r\nX-Leak: yes\r\n${rest}`);
    client.send(headers(1, get));
    const fields = Object.fromEntries(client.fields(await client.frame("HEADERS", 1)));
    expect([fields[":status"], fields["x-leak"]]).toEqual(["502", undefined]);
  });

  test("[R03] an answer that ends with its connection is streamed, and ends with END_STREAM; a reset is RST_STREAM", async () => {
    const { client, upstream } = await openPair(byHand);
    for (const [index, streamId] of [1, 3].entries()) {
      client.send(headers(streamId, get));
      const connection = await upstream.connection(index);
      await until(() => connection.requests.length === 1, "its request");
      connection.write("HTTP/1.1 200 OK\r\n\r\nsome");
      await client.frame("DATA", streamId);
      if (index === 0) connection.halfClose();
      else connection.reset();
    }
    await until(() => client.story.includes("DATA 1 0 +end"), "a proper end");
    await client.untilStory("RST_STREAM 3 INTERNAL_ERROR");
  });

  test("[R04] 100 Continue passes to the client that waits for it, then the answer", async () => {
    const { client, upstream } = await openPair(byHand);
    client.send(headers(1, [...post, ["expect", "100-continue"], ["content-length", "4"]], END_HEADERS));
    const connection = await upstream.connection();
    await until(() => connection.bytes.includes("\r\n\r\n"), "its head");
    connection.write("HTTP/1.1 100 Continue\r\n\r\n");
    expect(await statusOf(client)).toBe("100");
    client.send(frame("DATA", END_STREAM, 1, "body"));
    expect((await upstream.request()).body.toString()).toBe("body");
    connection.write(okAnswer);
    await until(() => client.body(1).toString() === "ok", "the answer");
  });

  test("[R06] an answer at the first byte of an upload ends it: RST_STREAM NO_ERROR, and the upstream connection closes", async () => {
    const { client, upstream } = await openPair(byHand);
    client.send(
      headers(1, [...post, ["content-length", "100000000"]], END_HEADERS),
      frame("DATA", 0, 1, "x"),
    );
    const connection = await upstream.connection();
    await until(() => connection.bytes.includes("\r\n\r\nx"), "the first byte");
    connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
    expect(await statusOf(client)).toBe("413");
    await client.untilStory("RST_STREAM 1 NO_ERROR");
    await until(() => connection.peerState !== "open", "the upstream connection is closed");
  });

  test("[R07] trailers of a request pass as chunked trailers, without fields that must not be there; pseudo-headers are an error", async () => {
    const { client, upstream } = await openPair();
    const trailers: Fields = [
      ["x-checksum", "abc"],
      ["host", "evil"],
      ["content-length", "9"],
      ["authorization", "x"],
    ];
    client.send(headers(1, post, END_HEADERS), frame("DATA", 0, 1, "x"), headers(1, trailers));
    await statusOf(client);
    expect(upstream.requests[0]?.trailers).toEqual([["x-checksum", "abc"]]);
    client.send(headers(3, post, END_HEADERS), frame("DATA", 0, 3, "x"), headers(3, [[":path", "/admin"]]));
    await client.untilStory("RST_STREAM 3 PROTOCOL_ERROR");
    expect(upstream.requests.length).toBe(1);
  });

  test("[R10] a request time-out is 504, and the endpoint's place is free again", async () => {
    const { client, plane } = await openPair(byHand, {
      rules: [{ timeouts: { requestMs: 50 }, backends: [{ service: "shop/web", port: 80, weight: 1 }] }],
    });
    client.send(headers(1, get));
    expect(await statusOf(client)).toBe("504");
    const [line] = await plane.lines(1);
    expect(line?.["response_flags"]).toBe("UT");
  });
});

test("[H02] a header block is the same request wherever it is cut into CONTINUATION frames", async () => {
  const { client, upstream } = await openPair();
  const fields: Fields = [...get, ["x-long", "v".repeat(40)], ["cookie", "a=b"]];
  const whole = headers(1, fields).subarray(9);
  for (let cut = 0; cut <= whole.length; cut++) {
    const streamId = 2 * cut + 1;
    client.send(
      frame("HEADERS", END_STREAM, streamId, whole.subarray(0, cut)),
      frame("CONTINUATION", END_HEADERS, streamId, whole.subarray(cut)),
    );
    if (cut % 40 === 39) await client.frame("DATA", streamId);
  }
  await client.frame("DATA", 2 * whole.length + 1);
  await until(() => upstream.requests.length === whole.length + 1, "all of them have come");
  const seen = new Set(
    upstream.requests.map(({ target, headers: lines }) =>
      JSON.stringify([target, lines.filter(([name]) => !/^x-request-id$/i.test(name))]),
    ),
  );
  expect(seen.size).toBe(1);
});

test("[H01] a stream that both sides have reset is closed: what comes on it is answered with STREAM_CLOSED (RFC 9113 5.1)", async () => {
  const { client, upstream } = await openPair(byHand);
  // Answered before its end, so the rest of it is asked not to come; what is under way meanwhile is no error.
  client.send(headers(1, post, END_HEADERS));
  const connection = await upstream.connection();
  await until(() => connection.bytes.includes("\r\n\r\n"), "its head");
  connection.write(okAnswer);
  await client.untilStory("RST_STREAM 1 NO_ERROR");
  client.send(frame("DATA", 0, 1, "late"));
  await client.settle();
  expect(client.story.at(-1)).toBe("RST_STREAM 1 NO_ERROR");
  client.send(frame("RST_STREAM", 0, 1, Buffer.from([0, 0, 0, 8])), headers(1, post));
  await client.untilOver();
  expect(client.story.at(-1)).toBe("GOAWAY STREAM_CLOSED");
});

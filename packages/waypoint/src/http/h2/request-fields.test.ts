/** What requests may say (RFC 9113 8.1 to 8.3; reference H02, L09, L12, T01): heads in, the verdict out. */
import { describe, expect, test } from "vitest";
import { END_HEADERS, END_STREAM, type Fields, frame, get, headers, post } from "./testdata/frames.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();

function withField(name: string, value: string): Fields {
  return [...get, [name, value]];
}

function withPseudo(name: string, value: string | undefined, method = "GET"): Fields {
  const pseudo: Fields = [
    [":method", method],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "web.shop"],
  ];
  if (value === undefined) return pseudo.filter(([each]) => each !== name);
  return pseudo.map(([each, was]) => [each, each === name ? value : was] as const);
}

describe("[H02] a malformed request is reset with PROTOCOL_ERROR and never served", () => {
  test.for([
    ["no :method", withPseudo(":method", undefined)],
    ["an empty :method", withPseudo(":method", "")],
    ["a :method that is no token", withPseudo(":method", "GE T")],
    ["a :method of 65 bytes", withPseudo(":method", "M".repeat(65))],
    ["no :scheme", withPseudo(":scheme", undefined)],
    [":scheme hTtP", withPseudo(":scheme", "hTtP")],
    [":scheme foo", withPseudo(":scheme", "foo")],
    ["no :path", withPseudo(":path", undefined)],
    ["an empty :path", withPseudo(":path", "")],
    [":path without a slash", withPseudo(":path", "a")],
    [":path in absolute form", withPseudo(":path", "http://web.shop/")],
    [":path * with GET", withPseudo(":path", "*")],
    [":path with a space", withPseudo(":path", "/a b")],
    [":path with a fragment", withPseudo(":path", "/a#b")],
    [":path with NUL", withPseudo(":path", "/a\0")],
    [":path with CR LF", withPseudo(":path", "/a\r\nX: y")],
    [":path with a byte above 127", withPseudo(":path", "/\u00e4")],
    ["an empty :authority", withPseudo(":authority", "")],
    [":authority with user information", withPseudo(":authority", "me@web.shop")],
    ["two :authority", [...get, [":authority", "web.shop"]]],
    ["two :path", [[":path", "/"], ...get]],
    [":status", [[":status", "200"], ...get]],
    ["an unknown pseudo-header", [[":foo", "x"], ...get]],
    [":protocol without CONNECT", [[":protocol", "websocket"], ...get]],
    ["a tunnel that ends with its head", [[":protocol", "websocket"], ...withPseudo(":method", "CONNECT")]],
    ["a pseudo-header after a field", [...withPseudo(":path", undefined), ["a", "b"], [":path", "/"]]],
    ["a pseudo-header after a cookie", [...withPseudo(":path", undefined), ["cookie", "b"], [":path", "/"]]],
    [
      "a pseudo-header after an empty cookie",
      [...withPseudo(":path", undefined), ["cookie", ""], [":path", "/"]],
    ],
    ["a pseudo-header after te", [...withPseudo(":path", undefined), ["te", "trailers"], [":path", "/"]]],
    ["CONNECT with :path", withPseudo(":method", "CONNECT")],
    ["host other than :authority", withField("host", "other.shop")],
    ["two host fields", [...withPseudo(":authority", undefined), ["host", "web.shop"], ["host", "web.shop"]]],
    ["an upper-case name", withField("X-Foo", "bar")],
    ["an empty name", withField("", "bar")],
    ["a name with a space", withField("x foo", "bar")],
    ["a name with a colon", withField("x:foo", "bar")],
    ["a name with NUL", withField("x\0", "bar")],
    ["a name above 127", withField("x\u00e4", "bar")],
    ["a value with NUL", withField("a", "b\0")],
    ["a value with CR", withField("a", "b\rc")],
    ["a value with LF", withField("a", "b\nc: d")],
    ["a value with a control character", withField("a", "b\x01")],
    ["a space before a value", withField("a", " b")],
    ["a tab after a value", withField("a", "b\t")],
    ["connection", withField("connection", "close")],
    ["proxy-connection", withField("proxy-connection", "close")],
    ["keep-alive", withField("keep-alive", "timeout=5")],
    ["transfer-encoding", withField("transfer-encoding", "chunked")],
    ["upgrade", withField("upgrade", "h2c")],
    ["te: gzip", withField("te", "gzip")],
    ["te: trailers, gzip", withField("te", "trailers, gzip")],
    ["a length without DATA", withField("content-length", "1")],
    ["two lengths", [...get, ["content-length", "0"], ["content-length", "0"]]],
    ["a length with a sign", withField("content-length", "+0")],
  ] as const)("%s", async ([, fields]) => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, fields), headers(3, get));
    await peer.frame("HEADERS", 3);
    expect(peer.story).toEqual(["RST_STREAM 1 PROTOCOL_ERROR", "HEADERS 3 +end"]);
    expect(server.requests.length).toBe(1);
    expect(server.refused.length).toBe(1);
  });

  test.for([
    ["more DATA than the length", "5", "abcdef", END_STREAM],
    ["more DATA than the length, and no end", "5", "abcdef", 0],
    ["less DATA than the length", "5", "abcd", END_STREAM],
    ["DATA after a length of zero", "0", "a", END_STREAM],
  ] as const)("%s", async ([, length, body, flags]) => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, [...post, ["content-length", length]], END_HEADERS));
    await peer.settle();
    peer.send(frame("DATA", flags, 1, body));
    await peer.untilStory("RST_STREAM 1 PROTOCOL_ERROR");
    expect(server.requests.map(({ state }) => state)).toEqual(["bad-request"]);
  });

  test("less DATA than the length, and trailers", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    const head = headers(1, [...post, ["content-length", "5"]], END_HEADERS);
    peer.send(head, frame("DATA", 0, 1, "abcd"), headers(1, [["t", "u"]]));
    await peer.untilStory("RST_STREAM 1 PROTOCOL_ERROR");
    expect(server.requests.map(({ state }) => state)).toEqual(["bad-request"]);
  });
});

describe("a request that cannot be served has an answer of ours", () => {
  const grpc: Fields = [...post, ["content-type", "application/grpc+proto"]];
  test.for([
    ["neither :authority nor host", withPseudo(":authority", undefined), "400", undefined],
    ["a name that could be read as content-length", withField("content_length", "5"), "400", undefined],
    ["an expectation other than 100-continue", withField("expect", "x"), "417", undefined],
    ["a target over 8 KiB", withPseudo(":path", `/${"a".repeat(8192)}`), "414", undefined],
    ["101 lines", [...get, ...lines(101)], "431", undefined],
    ["of gRPC: by trailers alone", [...grpc, ["expect", "x"]], "200", "3"],
  ] as const)("%s", async ([, fields, status, grpcStatus]) => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, fields));
    const answer = await peer.frame("HEADERS", 1);
    const said = new Map(peer.fields(answer));
    expect(said.get(":status")).toBe(status);
    expect(said.get("grpc-status")).toBe(grpcStatus);
    await peer.settle();
    expect(peer.story.at(-1)).toMatch(/\+end$/);
    expect(server.requests).toEqual([]);
    expect(server.refused.length).toBe(1);
  });

  test("an unfinished request hears that the rest is not wanted (RFC 9113 8.1)", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, [...post, ["expect", "x"]], END_HEADERS));
    await peer.untilStory("RST_STREAM 1 NO_ERROR");
    expect(peer.story).toEqual(["HEADERS 1", "DATA 1 26 +end", "RST_STREAM 1 NO_ERROR"]);
  });
});

function lines(count: number): Fields {
  return Array.from({ length: count }, (_, i) => [`x-${i}`, "y"] as const);
}

describe("what passes, and as what", () => {
  test("100 lines, with any crumbs of a cookie as one, which are joined (RFC 9113 8.2.3)", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    const crumbs: Fields = [["cookie", "a=1"], ...lines(99), ["cookie", "b=2"], ["cookie", "c=3"]];
    peer.send(headers(1, [...get, ...crumbs]));
    await peer.frame("HEADERS", 1);
    expect(server.requests[0]?.headers.at(-1)).toEqual(["cookie", "a=1; b=2; c=3"]);
    expect(server.requests[0]?.headers.length).toBe(100);
  });

  test.for([
    [
      "host in the place of :authority",
      [...withPseudo(":authority", undefined), ["host", "web.shop"]],
      "web.shop",
    ],
    ["host that repeats :authority in another case", withField("host", "WEB.shop"), "web.shop"],
    ["OPTIONS *", withPseudo(":path", "*", "OPTIONS"), "web.shop"],
    [":scheme https", withPseudo(":scheme", "https"), "web.shop"],
    ["te: trailers", withField("te", "trailers"), "web.shop"],
    ["a value with bytes above 127", withField("a", "\u00e4\u0085"), "web.shop"],
    ["an empty value", withField("a", ""), "web.shop"],
    ["a length of zero", withField("content-length", "0"), "web.shop"],
  ] as const)("%s", async ([, fields, authority]) => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, fields));
    await peer.frame("HEADERS", 1);
    expect(server.requests[0]).toMatchObject({ authority, state: "whole", bodyLength: 0 });
  });

  test("CONNECT has its authority for a target", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(
      headers(1, [
        [":method", "CONNECT"],
        [":authority", "web.shop:80"],
      ]),
    );
    await peer.frame("HEADERS", 1);
    expect(server.requests[0]).toMatchObject({ method: "CONNECT", target: "web.shop:80" });
  });

  test("trailers come with the end, those of a request without DATA too", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS), headers(1, [["checksum", "1"]]));
    await peer.frame("HEADERS", 1);
    expect(server.requests[0]).toMatchObject({ state: "whole", body: "", trailers: [["checksum", "1"]] });
  });

  test("trailers whose names pass for others with hyphens are refused, as in HTTP/1.1", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    peer.send(headers(1, post, END_HEADERS), headers(1, [["content_length", "5"]]), headers(3, get));
    await peer.frame("HEADERS", 3);
    expect(peer.story).toEqual(["RST_STREAM 1 PROTOCOL_ERROR", "HEADERS 3 +end"]);
  });

  test("a request that was seen before means the same, with and without its end", async () => {
    const server = await peers.server();
    const peer = await peers.peer(server);
    // Indexed by the first, so that the same bytes follow from then on.
    const first = Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x41, 8]), Buffer.from("web.shop")]);
    const again = Buffer.from([0x82, 0x86, 0x84, 0xbe]);
    peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 1, first));
    for (const id of [3, 5, 7]) peer.send(frame("HEADERS", END_HEADERS | END_STREAM, id, again));
    peer.send(frame("HEADERS", END_HEADERS, 9, again), frame("DATA", END_STREAM, 9, "body"));
    await peer.frame("DATA", 9);
    expect(server.requests.map(({ authority, body }) => `${authority} ${body}`).sort()).toEqual([
      "web.shop ",
      "web.shop ",
      "web.shop ",
      "web.shop ",
      "web.shop body",
    ]);
    // A new entry moves the old one: the same bytes now mean something else.
    const moved = Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x41, 5]), Buffer.from("other")]);
    peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 11, moved));
    peer.send(frame("HEADERS", END_HEADERS | END_STREAM, 13, again));
    await peer.frame("HEADERS", 13);
    expect(server.requests.slice(-2).map(({ authority }) => authority)).toEqual(["other", "other"]);
  });
});

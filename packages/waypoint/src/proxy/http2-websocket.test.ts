/** WebSocket over HTTP/2 (RFC 8441) to endpoints that speak it over HTTP/1.1: the tunnel, its halves and its end (reference U06). */
import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { until, within } from "@waystone/testkit/within";
import { describe, expect, onTestFinished, test } from "vitest";
import { END_HEADERS, frame, get, headers, uint32 } from "../http/h2/testdata/frames.ts";
import { openPeer } from "../http/h2/testdata/raw-peer.ts";
import { endpointsOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();

const switching =
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n";

interface Asked {
  readonly stream: ClientHttp2Stream;
  readonly head: Promise<Record<string, unknown>>;
  readonly received: () => string;
}

async function openBoth(answer: string) {
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const session = peers.client(plane.port);
  await within(new Promise((resolve) => session.once("remoteSettings", resolve)), "SETTINGS");
  expect(session.remoteSettings.enableConnectProtocol).toBe(true);
  const ask = (more: OutgoingHttpHeaders = {}): Asked => {
    const stream = session.request(
      {
        ":method": "CONNECT",
        ":protocol": "websocket",
        ":path": "/chat?room=1",
        "sec-websocket-version": "13",
        "sec-websocket-protocol": "chat",
        ...more,
      },
      { endStream: false },
    );
    stream.on("error", () => {});
    const head = new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
    let text = "";
    stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
    return { stream, head: within(head, "the answer"), received: () => text };
  };
  return { upstream, plane, session, ask };
}

describe("[U06] a tunnel over HTTP/2", () => {
  test("is a GET with Upgrade at the endpoint, and bytes pass both ways, those that came early too", async () => {
    const { upstream, ask } = await openBoth(switching);
    const { stream, head, received } = ask();
    stream.write("early ");
    const answer = await head;
    expect([answer[":status"], answer["sec-websocket-protocol"], answer["sec-websocket-accept"]]).toEqual([
      200,
      "chat",
      undefined,
    ]);
    const { raw } = await upstream.request();
    expect(raw.toString()).toMatch(/^GET \/chat\?room=1 HTTP\/1\.1\r\n/);
    expect(raw.toString()).toContain("Connection: upgrade\r\nUpgrade: websocket\r\n");
    expect(raw.toString()).toMatch(/Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n/);
    const server = await upstream.connection();
    stream.write("hello");
    await until(() => server.bytes.toString().endsWith("\r\n\r\nearly hello"), "the endpoint has it");
    server.write("and hello to you");
    await until(() => received() === "and hello to you", "the client has it");
    stream.close();
  });

  test("ends by halves, whichever side is first", async () => {
    const { upstream, ask, plane } = await openBoth(switching);
    const one = ask();
    await one.head;
    const server = await upstream.connection();
    one.stream.end("last words");
    await server.untilEnd();
    server.write("and mine");
    server.halfClose();
    await within(new Promise((resolve) => one.stream.once("close", resolve)), "the stream's end");
    expect([one.received(), one.stream.rstCode]).toEqual(["and mine", 0]);
    const two = ask();
    await two.head;
    const other = upstream.connections.at(-1)!;
    const ended = new Promise((resolve) => two.stream.once("end", resolve));
    other.halfClose();
    await within(ended, "the client has the end");
    two.stream.write("still here");
    await until(() => other.bytes.toString().endsWith("still here"), "the endpoint hears");
    two.stream.end();
    await until(() => endpointsOf(plane).every(({ active }) => active === 0), "it is over");
    const lines = await plane.lines(2);
    expect(lines.map((line) => [line["response_code"], line["response_flags"], line["method"]])).toEqual([
      [101, "-", "GET"],
      [101, "-", "GET"],
    ]);
  });

  test("a reset of the client's resets the endpoint's connection, and the other way round", async () => {
    const { upstream, ask } = await openBoth(switching);
    const one = ask();
    await one.head;
    // Node's close() would end the tunnel first.
    one.stream.destroy(new Error("the test's"));
    const server = await upstream.connection();
    expect(await within(server.untilEnd(), "the end")).toBe("reset");
    const two = ask();
    await two.head;
    const closed = new Promise((resolve) => two.stream.once("close", resolve));
    upstream.connections.at(-1)!.reset();
    await within(closed, "the stream is over");
  });

  test("an endpoint that does not switch: its refusal passes, and a 2xx never opens a tunnel", async () => {
    const refused = await openBoth("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    const asked = refused.ask();
    expect((await asked.head)[":status"]).toBe(403);
    const ignored = await openBoth("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    expect((await ignored.ask().head)[":status"]).toBe(502);
  });

  test("a 2xx to one that gives no room for our refusal ends its request, whatever the endpoint goes on to say", async () => {
    const upstream = await rig.openUpstream({
      answer: () => "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n",
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const peer = await openPeer(plane.port, [4, 0]);
    onTestFinished(() => peer.close());
    peer.send(
      headers(
        1,
        [
          [":method", "CONNECT"],
          [":protocol", "websocket"],
          ...get.slice(1),
          ["sec-websocket-version", "13"],
        ],
        END_HEADERS,
      ),
    );
    const answer = await peer.frame("HEADERS", 1);
    expect(peer.fields(answer)[0]).toEqual([":status", "502"]);
    const server = await upstream.connection();
    server.write("x".repeat(100_000));
    expect(await within(server.untilEnd(), "the endpoint's request is given up")).not.toBe("open");
    peer.send(frame("WINDOW_UPDATE", 0, 1, uint32(1000)));
    await peer.untilStory("RST_STREAM 1 NO_ERROR");
    expect(peer.body(1).toString()).toBe("upstream sent an invalid answer\n");
    peer.close();
    const [line] = await plane.lines(1);
    expect([line!["response_code"], line!["response_code_details"]]).toEqual([502, "upstream-protocol"]);
  });

  test("another protocol is refused", async () => {
    const { ask, upstream } = await openBoth(switching);
    expect((await ask({ ":protocol": "connect-udp" }).head)[":status"]).toBe(405);
    expect(upstream.connections.length).toBe(0);
  });
});

/** What the client side makes of an endpoint that gives up (RFC 9113; reference R02, R06, R08, D04, D07). */
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { ErrorCode } from "./connection-error.ts";
import { block, END_HEADERS, frame, headers, settings, uint32 } from "./testdata/frames.ts";
import { openTestClient } from "./testdata/open-test-client.ts";
import { openPeerServer } from "./testdata/raw-peer.ts";
import { ok, useClientPairs } from "./testdata/use-client-pairs.ts";

const { openPair } = useClientPairs();

describe("what the endpoint gives up", () => {
  test.for([
    ["before its answer", ErrorCode.internalError, [], "upstream-reset: stream reset: INTERNAL_ERROR", false],
    ["before it began", ErrorCode.refusedStream, [], "upstream-reset: stream reset: REFUSED_STREAM", true],
    [
      "within its answer",
      ErrorCode.cancel,
      [headers(1, ok, END_HEADERS)],
      "upstream-truncated: stream reset: CANCEL",
      false,
    ],
  ] as const)("%s", async ([, code, before, state, isUnprocessed]) => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    peer.send(...before, frame("RST_STREAM", 0, 1, uint32(code)));
    await answer.over();
    expect([answer.state, answer.stream?.isUnprocessed]).toEqual([state, isUnprocessed]);
    expect(client.state()).toBe("open");
  });

  test("by GOAWAY: newer streams are unprocessed, older ones finish, none begins, the connection ends", async () => {
    const { client, peer } = await openPair();
    const [first, second] = [client.ask(), client.ask()];
    await peer.frame("HEADERS", 3);
    peer.send(frame("GOAWAY", 0, 0, uint32(1, 0)));
    await second.over();
    expect([second.state, second.stream?.isUnprocessed]).toEqual(["upstream-reset: GOAWAY: NO_ERROR", true]);
    expect([first.state, client.connection.capacity]).toEqual(["open", 0]);
    peer.send(headers(1, ok));
    expect((await first.over()).state).toBe("whole");
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe("GOAWAY NO_ERROR");
  });

  test("by GOAWAY in two steps, as we do it ourselves", async () => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    peer.send(frame("GOAWAY", 0, 0, uint32(0x7fffffff, 0)));
    await until(() => client.connection.capacity === 0, "none begins");
    expect(answer.state).toBe("open");
    peer.send(frame("GOAWAY", 0, 0, uint32(1, 0)), headers(1, ok));
    expect((await answer.over()).state).toBe("whole");
    await peer.untilOver();
  });

  test("by closing the connection, before and within answers", async () => {
    const { client, peer } = await openPair();
    const [first, second] = [client.ask(), client.ask()];
    await peer.frame("HEADERS", 3);
    peer.send(headers(1, ok, END_HEADERS));
    peer.socket.end();
    await second.over();
    expect([first.state, second.state]).toEqual(["upstream-truncated: closed", "upstream-reset: closed"]);
    await until(() => client.state() === "closed", "it is closed");
  });

  test.for([
    ["DATA on an idle stream", [frame("DATA", 0, 3, "x")], "PROTOCOL_ERROR"],
    ["HEADERS on an idle stream", [headers(3, ok)], "PROTOCOL_ERROR"],
    ["HEADERS on a stream of its own", [headers(2, ok)], "PROTOCOL_ERROR"],
    [
      "PUSH_PROMISE",
      [frame("PUSH_PROMISE", END_HEADERS, 1, Buffer.concat([uint32(2), block(ok)]))],
      "PROTOCOL_ERROR",
    ],
    ["ENABLE_PUSH", [settings([2, 1])], "PROTOCOL_ERROR"],
    ["a block that is not HPACK", [frame("HEADERS", END_HEADERS, 1, "\x80")], "COMPRESSION_ERROR"],
    [
      "CONTINUATION without end",
      [
        headers(1, ok, 0),
        ...Array.from({ length: 5 }, () => frame("CONTINUATION", 0, 1, Buffer.alloc(16_000))),
      ],
      "ENHANCE_YOUR_CALM",
    ],
    [
      "PING without end",
      Array.from({ length: 1200 }, () => frame("PING", 0, 0, Buffer.alloc(8))),
      "ENHANCE_YOUR_CALM",
    ],
    [
      "GOAWAY without end",
      Array.from({ length: 1200 }, () => frame("GOAWAY", 0, 0, uint32(0x7fffffff, 0))),
      "ENHANCE_YOUR_CALM",
    ],
    [
      "unknown frames without end",
      Array.from({ length: 1200 }, () => frame(0x0c, 0, 0, "origin")),
      "ENHANCE_YOUR_CALM",
    ],
  ] as const)("[D04] by breaking a rule (%s): 502 for all on it", async ([, parts, code]) => {
    const { client, peer } = await openPair();
    const answer = client.ask();
    await peer.frame("HEADERS", 1);
    peer.send(...parts);
    await answer.over();
    expect(answer.state).toMatch(/^upstream-protocol: /);
    await peer.untilOver();
    expect(peer.story.at(-1)).toBe(`GOAWAY ${code}`);
  });
});

test("an endpoint that is not there, or that speaks something else", async () => {
  const gone = await openPeerServer();
  await gone.close();
  const client = await openTestClient(gone.port);
  expect(client.state()).toBe("ECONNREFUSED");
  client.close();
  const server = await openPeerServer();
  const other = await openTestClient(server.port, { isWaitedFor: false });
  const peer = await server.accept();
  peer.send(Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
  await peer.untilOver();
  peer.socket.end();
  await until(() => other.state() !== "connecting", "it is over");
  expect(other.state()).toBe("a frame too large");
  other.close();
  await server.close();
});

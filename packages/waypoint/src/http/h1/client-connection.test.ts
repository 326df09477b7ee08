/** Answers of an upstream in any pieces, and connections to it that are not used again. */
import { openRawClient, type RawClient } from "@waystone/testkit/raw-http-client";
import type { ReadResponse } from "@waystone/testkit/read-message";
import type { UpstreamConnection } from "@waystone/testkit/upstream-connection";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWireRig, type WireRig } from "./testdata/wire-rig.ts";

/** How the next request is answered. */
let pieces: readonly Buffer[] = [];
let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    async answer(_, connection) {
      await writePieces(connection, pieces);
      return undefined;
    },
  });
});
afterAll(async () => await rig.close());

async function writePieces(connection: UpstreamConnection, all: readonly Buffer[]): Promise<void> {
  for (const piece of all) {
    connection.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function ask(client: RawClient, answer: readonly Buffer[], method = "GET"): Promise<ReadResponse> {
  pieces = answer;
  await client.send(`${method} / HTTP/1.1\r\nHost: a.test\r\nTE: trailers\r\n\r\n`);
  return await client.readResponse(method);
}

const split = (bytes: Buffer, at: number): readonly Buffer[] => [bytes.subarray(0, at), bytes.subarray(at)];
const byteByByte = (bytes: Buffer): readonly Buffer[] =>
  Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

describe("an answer means the same wherever its bytes are cut", () => {
  test.for([
    ["by length", "GET", "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok", "ok"],
    [
      "in chunks",
      "GET",
      "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\no\r\n1\r\nk\r\n0\r\nT: u\r\n\r\n",
      "ok",
    ],
    ["none for HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", ""],
    ["none for 304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", ""],
    ["after 1xx", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"],
  ] as const)("a body %s", async ([name, method, text, body]) => {
    const bytes = Buffer.from(text);
    const client = await openRawClient({ port: rig.port });
    const before = rig.upstream.connections.length;
    const whole = await ask(client, [bytes], method);
    expect(whole.body.toString()).toBe(body);
    const describeAnswer = ({ status, reason, headers, body: read, trailers }: ReadResponse): object => {
      return { status, reason, headers, body: read.toString(), trailers };
    };
    for (let at = 1; at < bytes.length; at++)
      expect(describeAnswer(await ask(client, split(bytes, at), method))).toEqual(describeAnswer(whole));
    expect(describeAnswer(await ask(client, byteByByte(bytes), method))).toEqual(describeAnswer(whole));
    // All on one connection each: both stayed in step. Where a body may follow after all, a connection rests first.
    if (!/ for (HEAD|304)$/.test(name)) expect(rig.upstream.connections.length - before).toBeLessThan(2);
    client.close();
  });
});

test("a head of 60 KiB in thousands of pieces is one head", async () => {
  const client = await openRawClient({ port: rig.port });
  const value = "x".repeat(60_000);
  const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nA: ${value}\r\nContent-Length: 0\r\n\r\n`);
  const inEights = Array.from({ length: Math.ceil(bytes.length / 8) }, (_, at) =>
    bytes.subarray(at * 8, at * 8 + 8),
  );
  expect((await ask(client, inEights)).headers[0]).toEqual(["A", value]);
  client.close();
});

describe("an upstream connection is left when it cannot be trusted", () => {
  test("more than one answer in one piece: the second is nobody's, even for a request that waits", async () => {
    const client = await openRawClient({ port: rig.port });
    const one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    pieces = [Buffer.from(`${one}ok${one}no`)];
    await client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".repeat(5));
    for (let at = 0; at < 5; at++) expect((await client.readResponse()).body.toString()).toBe("ok");
    client.close();
  });

  test.for([
    [
      "a body in a 1xx answer",
      "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
    ["1xx answers without end", "HTTP/1.1 102 Processing\r\n\r\n".repeat(50)],
    ["a switch of protocols that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["a head over the limit", `HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}\r\n\r\n`],
    ["too many header lines", `HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(101)}\r\n`],
  ] as const)("%s: 502, and the client's connection goes on", async ([, text]) => {
    const client = await openRawClient({ port: rig.port });
    pieces = [Buffer.from(text)];
    await client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    let response = await client.readResponse();
    for (; response.status < 200; ) response = await client.readResponse();
    expect(response.status).toBe(502);
    expect((await ask(client, [Buffer.from("HTTP/1.1 204 No Content\r\n\r\n")])).status).toBe(204);
    client.close();
  });
});

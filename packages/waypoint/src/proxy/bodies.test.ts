/** Bodies of every length arrive byte for byte, however they are framed and cut. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { seededRng } from "@waystone/base/rng";
import { type Echo, openEchoServer } from "@waystone/testkit/http-echo-server";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const lengths = [
  0, 1, 100, 8_191, 8_192, 8_193, 32_768, 65_535, 65_536, 65_537, 200_000, 1_000_003, 3_000_000,
];

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function bodyOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const rng = seededRng(length);
  for (let i = 0; i < length; i += 7) bytes[i] = Math.floor(rng.next() * 256);
  return bytes;
}

/** Chunks of all sizes, among them very small ones, some with extensions. */
function chunked(body: Buffer, seed: number): Buffer {
  const rng = seededRng(seed);
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + Math.floor(rng.next() ** 4 * 150_000));
    const extension = rng.next() < 0.1 ? ";x=y" : "";
    parts.push(
      Buffer.from(`${size.toString(16)}${extension}\r\n`),
      body.subarray(at, at + size),
      Buffer.from("\r\n"),
    );
    at += size;
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

function framed(startLine: string, body: Buffer, framing: "length" | "chunked"): Buffer {
  const isChunked = framing === "chunked";
  const line = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${body.length}`;
  const head = Buffer.from(`${startLine}\r\nHost: h\r\n${line}\r\n\r\n`);
  return Buffer.concat([head, isChunked ? chunked(body, body.length) : body]);
}

test.for(["length", "chunked"] as const)(
  "requests and answers with a body by %s, on one connection",
  async (framing) => {
    const upstream = await rig.openUpstream({
      answer: ({ target }) => framed("HTTP/1.1 200 OK", bodyOf(Number(target.slice(1))), framing),
    });
    const echo = await openEchoServer({ name: "echo" });
    const up = await rig.openPlane({ endpoints: [`127.0.0.1:${echo.port}`] });
    const down = await rig.openPlane({ upstreams: [upstream] });
    const [sender, reader] = [await rig.openClient(up), await rig.openClient(down)];
    for (const length of lengths) {
      const body = bodyOf(length);
      await sender.send(framed("PUT / HTTP/1.1", body, framing));
      const seen = JSON.parse((await sender.readResponse("PUT")).body.toString()) as Echo;
      expect([length, seen.bodyBytes, seen.bodySha256]).toEqual([length, length, sha256(body)]);
      await reader.send(`GET /${length} HTTP/1.1\r\nHost: h\r\n\r\n`);
      const got = await reader.readResponse();
      expect([length, got.body.length, sha256(got.body)]).toEqual([length, length, sha256(body)]);
    }
    expect(upstream.connections.length).toBe(1);
    expect((await down.lines(lengths.length)).map((line) => line["bytes_sent"])).toEqual(lengths);
    expect((await up.lines(lengths.length)).map((line) => line["bytes_received"])).toEqual(lengths);
    // Not the rig's, which looks for connections that are left.
    await echo.close();
  },
);

test("bodies in pieces of single bytes", async () => {
  const upstream = await rig.openUpstream({
    answer: ({ body }, connection) => {
      const bytes = framed("HTTP/1.1 200 OK", body, "chunked");
      void (async () => {
        for (const byte of bytes) {
          connection.write(Buffer.from([byte]));
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      return undefined;
    },
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  const body = bodyOf(300);
  for (const framing of ["length", "chunked"] as const) {
    await client.send(framed("POST / HTTP/1.1", body, framing), "byte-by-byte");
    expect((await client.readResponse("POST")).body.equals(body)).toBe(true);
  }
  expect(upstream.requests.every((request) => request.body.equals(body))).toBe(true);
});

test("many connections at once do not mix their bytes: all read into one buffer", async () => {
  const upstream = await rig.openUpstream({
    answer: ({ body }) => framed("HTTP/1.1 200 OK", body, body.length % 2 === 0 ? "length" : "chunked"),
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const client = await rig.openClient(plane);
      for (let round = 0; round < 5; round++) {
        const body = Buffer.alloc(5_000 + index * 1_501 + round, `${index}-${round}.`);
        await client.send(framed("POST / HTTP/1.1", body, index % 2 === 0 ? "length" : "chunked"));
        expect((await client.readResponse("POST")).body.equals(body)).toBe(true);
      }
    }),
  );
});

test.for([
  ["[D12] a bomb of ten thousand to one is never inflated", "gzip", () => gzipSync(Buffer.alloc(10_000_000))],
  [
    "[D12] what calls itself compressed and is not is nobody's business here",
    "br",
    () => Buffer.from("no such thing"),
  ],
  ["[D13] JSON a hundred thousand deep is never parsed", "identity", () => Buffer.alloc(100_000, "[")],
] as const)("%s: it passes as the bytes it is, both ways", async ([, coding, make]) => {
  const body = make();
  const upstream = await rig.openUpstream({
    answer: (request) => {
      expect(sha256(request.body)).toBe(sha256(body));
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), body]);
    },
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  const lines = `Content-Encoding: ${coding}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  await client.send(Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nHost: h\r\n${lines}\r\n\r\n`), body]));
  const answer = await client.readResponse();
  expect(answer.headers).toContainEqual(["Content-Encoding", coding]);
  expect(sha256(answer.body)).toBe(sha256(body));
});

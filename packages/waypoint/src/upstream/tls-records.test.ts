/** What comes in TLS records behind an answer is nobody's answer, also where one read brings both (desync; RFC 9112 9.3). */
import { createServer } from "node:tls";
import { once } from "node:events";
import type net from "node:net";
import { expect, test } from "vitest";
import { backendName, useBackendTls } from "../testing/backend-tls-rig.ts";

const backends = useBackendTls();
const { rig, planeTo, keep } = backends;

const answerOf = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
/** Of answers with five digits of length. */
const headBytes = answerOf("x".repeat(10_000)).length - 10_000;
/** Fills a record of TLS (RFC 8446 5.1) to the last byte, so that what follows is in another one. */
const wholeRecord = answerOf("x".repeat(2 ** 14 - headBytes));

/** Answers by target; the bytes of one answer are one write. */
async function openAnswering(answers: Readonly<Record<string, string>>) {
  const identity = await backends.authority.issue({ dns: [backendName] });
  let connections = 0;
  const server = createServer(identity, (socket) => {
    connections++;
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      const target = / (\S+) /.exec(bytes.toString("latin1"))?.[1] ?? "";
      socket.write(answers[target] ?? answerOf("unknown"));
    });
    keep({ close: () => void socket.destroy() });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  keep({ close: () => void server.close() });
  return {
    address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    connections: () => connections,
  };
}

test("a second answer in the next record is not that of a request that was pipelined", async () => {
  const backend = await openAnswering({
    "/large": answerOf("y".repeat(10_000)),
    "/first": wholeRecord + answerOf("evil"),
    "/second": answerOf("good"),
  });
  const client = await rig.openClient(await planeTo(backend));
  const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`;
  // A connection's first bytes are read in small amounts, which would leave the two records to two reads.
  await client.send(get("/large"));
  expect((await client.readResponse()).body.length).toBe(10_000);
  await client.send(get("/first") + get("/second"));
  expect((await client.readResponse()).raw.length).toBe(2 ** 14);
  expect((await client.readResponse()).body.toString()).toBe("good");
  expect(backend.connections()).toBe(2);
});

import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { openRawClient } from "./raw-http-client.ts";
import { openRecordingUpstream, type RecordingUpstream } from "./recording-upstream.ts";
import { nextEvent, until } from "./within.ts";

const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
let upstream: RecordingUpstream | undefined;

afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

test("byte by byte, bytes arrive by themselves, as far as the kernel joins none", async () => {
  const pieces: number[] = [];
  const server = net.createServer((socket) => socket.on("data", (chunk) => pieces.push(chunk.length)));
  server.listen(0, "127.0.0.1");
  await nextEvent(server, "listening");
  const client = await openRawClient({ port: (server.address() as net.AddressInfo).port });
  await client.send("x".repeat(1000), "byte-by-byte");
  await until(() => pieces.reduce((sum, each) => sum + each, 0) === 1000, "all bytes are there");
  expect(pieces.length).toBeGreaterThan(10);
  client.close();
  server.close();
});

test.for([0, 1, 10, 25, request.length])("split at %d, the bytes are the same", async (splitAt) => {
  upstream = await openRecordingUpstream();
  const client = await openRawClient({ port: upstream.port });
  await client.send(request, { splitAt });
  expect((await client.readResponse()).status).toBe(200);
  expect(upstream.bytes.toString()).toBe(request);
  client.close();
});

test("pipelined responses are taken one by one", async () => {
  let count = 0;
  upstream = await openRecordingUpstream({
    answer: () => `HTTP/1.1 20${count++} OK\r\nContent-Length: 0\r\n\r\n`,
  });
  const client = await openRawClient({ port: upstream.port });
  await client.send(request.repeat(3));
  expect(
    [await client.readResponse(), await client.readResponse(), await client.readResponse()].map(
      (r) => r.status,
    ),
  ).toEqual([200, 201, 202]);
  client.close();
});

test("a reset is told from a clean end", async () => {
  upstream = await openRecordingUpstream({
    answer: (asked, connection) => {
      if (asked.target === "/reset") connection.reset();
      else connection.halfClose("bye");
      return undefined;
    },
  });
  const first = await openRawClient({ port: upstream.port });
  await first.send(request);
  expect(await first.readUntilEnd()).toEqual({ bytes: Buffer.from("bye"), state: "ended" });
  const second = await openRawClient({ port: upstream.port });
  await second.send(request.replace("/", "/reset"));
  expect((await second.readUntilEnd()).state).toBe("reset");
  first.close();
});

test("after a half-close it still reads", async () => {
  upstream = await openRecordingUpstream({ readsHttp: false });
  const client = await openRawClient({ port: upstream.port });
  await client.send("all");
  client.halfClose();
  const connection = await upstream.connection();
  expect(await connection.untilEnd()).toBe("ended");
  connection.halfClose("late");
  expect((await client.readUntilEnd()).bytes.toString()).toBe("late");
});

test("a silent peer is a failure that shows what came so far", async () => {
  upstream = await openRecordingUpstream({ answer: () => "HTTP/1.1 200" });
  const client = await openRawClient({ port: upstream.port, deadlineMs: 30 });
  await client.send(request);
  await expect(client.readResponse()).rejects.toThrow("waited");
  client.close();
});

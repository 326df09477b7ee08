import { afterEach, expect, test } from "vitest";
import { openRawClient } from "./raw-http-client.ts";
import { okAnswer, openRecordingUpstream, type RecordingUpstream } from "./recording-upstream.ts";

let upstream: RecordingUpstream | undefined;

afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

test("it records the exact bytes of each connection and the requests in them", async () => {
  upstream = await openRecordingUpstream();
  const wire = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const client = await openRawClient({ port: upstream.port });
  await client.send(wire, "byte-by-byte");
  expect((await client.readResponse()).body.toString()).toBe("ok");
  const connection = await upstream.connection();
  expect(connection.bytes.toString()).toBe(wire);
  expect(connection.requests[0]?.body.toString()).toBe("abc");
  client.close();
});

test("an answer can wait for the test's release, and pipelined answers keep their order", async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  upstream = await openRecordingUpstream({
    answer: async (request) => {
      if (request.target === "/1") await release;
      return `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${request.target}`;
    },
  });
  const client = await openRawClient({ port: upstream.port });
  await client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
  await upstream.request(1);
  expect(client.received.length).toBe(0);
  resolve();
  expect((await client.readResponse()).body.toString()).toBe("/1");
  expect((await client.readResponse()).body.toString()).toBe("/2");
  client.close();
});

test("it can answer before the request is whole", async () => {
  upstream = await openRecordingUpstream({
    onConnection: (connection) => void connection.untilBytes(1).then(() => connection.write(okAnswer)),
  });
  const client = await openRawClient({ port: upstream.port });
  await client.send("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nonly this");
  expect((await client.readResponse()).status).toBe(200);
  expect(upstream.requests.length).toBe(0);
  client.close();
});

test("bytes that are no request are recorded, named and not answered", async () => {
  upstream = await openRecordingUpstream();
  const client = await openRawClient({ port: upstream.port });
  await client.send("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
  const connection = await upstream.connection();
  await connection.untilBytes(60);
  expect(connection.error?.message).toBe("more than one framing header");
  expect(client.received.length).toBe(0);
  client.close();
});

test("it tells a reset from a clean end", async () => {
  upstream = await openRecordingUpstream();
  const first = await openRawClient({ port: upstream.port });
  const second = await openRawClient({ port: upstream.port });
  await first.send("x");
  await (await upstream.connection(0)).untilBytes(1);
  first.reset();
  second.halfClose();
  expect(await (await upstream.connection(0)).untilEnd()).toBe("reset");
  expect(await (await upstream.connection(1)).untilEnd()).toBe("ended");
});

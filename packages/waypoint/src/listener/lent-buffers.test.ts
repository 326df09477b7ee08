/**
 * Private read buffers (socket-reader.ts): a connection whose message is whole holds none, whatever it read before, and all that
 * stream hold a bounded number (reference D09). Counted in buffers, by the waypoint's own gauge.
 */
import { connect, type Socket } from "node:net";
import { Gauge } from "@waystone/base/metrics";
import { freePort } from "@waystone/testkit/free-port";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import { endpointsOf, gaugeOf, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { openListener } from "./accept.ts";
import { ReadBuffers } from "./socket-reader.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const rig = useExchangeRig();
const http2 = useHttp2Peers();

const bodyBytes = 4 * 1024 * 1024;
const body = Buffer.alloc(bodyBytes, "x");
/** A read that makes a connection one that streams, or leaves it so. */
const lastBytes = 60 * 1024;
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const lent = (plane: RigPlane): number => gaugeOf(plane, "waystone_read_buffers");
const connections = (plane: RigPlane): number => gaugeOf(plane, "waystone_downstream_connections");

test("[D09] an HTTP/1.1 client's connection gives its buffer back with the end of an upload, before its answer too", async () => {
  const answer = Promise.withResolvers<string>();
  const upstream = await rig.openUpstream({ answer: () => answer.promise });
  const plane = await rig.openPlane({ upstreams: [upstream], clock: new ManualClock() });
  const client = await rig.openClient(plane);
  await client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${bodyBytes}\r\n\r\n`);
  const first = client.send(body.subarray(lastBytes));
  await until(() => lent(plane) > 0, "it streams");
  await first;
  await (await upstream.connection()).untilBytes(bodyBytes - lastBytes);
  await client.send(body.subarray(0, lastBytes));
  await upstream.request();
  await until(() => lent(plane) === 0, "nobody holds a buffer");
  answer.resolve(ok);
  expect((await client.readResponse()).status).toBe(200);
  expect([lent(plane), connections(plane)]).toEqual([0, 1]);
});

test("[D09] an endpoint's connection goes back to its pool without a buffer", async () => {
  const upstream = await rig.openUpstream({
    answer: () => `HTTP/1.1 200 OK\r\nContent-Length: ${bodyBytes}\r\n\r\n${body.toString()}`,
  });
  const plane = await rig.openPlane({ upstreams: [upstream], clock: new ManualClock() });
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  await until(() => lent(plane) > 0, "it streams");
  expect((await client.readResponse()).body.length).toBe(bodyBytes);
  await until(() => endpointsOf(plane).every(({ active }) => active === 0), "it is answered");
  expect([lent(plane), connections(plane)]).toEqual([0, 1]);
});

test("[D09] an HTTP/2 connection holds no buffer once its streams have ended, nor while all of them were told to wait", async () => {
  const reading = Promise.withResolvers<void>();
  const endpoint = await http2.endpoint((stream) => {
    void reading.promise.then(() => stream.resume());
    stream.on("end", () => {
      stream.respond({ ":status": 200 });
      stream.end();
    });
  });
  const plane = await rig.openPlane({
    protocol: "http2",
    endpoints: [endpoint.key],
    clock: new ManualClock(),
  });
  const session = http2.client(plane.port);
  const stream = session.request({ ":method": "POST", ":path": "/" }, { endStream: false });
  let answered = 0;
  stream.on("response", (headers) => (answered = Number(headers[":status"])));
  stream.write(body);
  await until(() => endpoint.heads.length === 1, "the endpoint has its head");
  // Windows of 64 KiB each way are all that passes before it waits.
  for (let quiet = 0; quiet < 50; quiet += lent(plane) === 0 ? 1 : -quiet) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(stream.writableLength).toBeGreaterThan(0);
  reading.resolve();
  stream.end(body);
  await until(() => answered === 200, "it is answered");
  expect([lent(plane), connections(plane)]).toEqual([0, 1]);
});

/** Listens for peers who send on and on; nobody knows when they are done. What is large is kept by whoever gets it. */
async function openKeeping(
  buffers: ReadBuffers,
  kept: Buffer[],
): Promise<{ port: number; read: () => number; lengths: readonly number[] }> {
  const port = await freePort();
  const listening = Promise.withResolvers<void>();
  let read = 0;
  const lengths: number[] = [];
  const listener = openListener({
    address: "127.0.0.1",
    port,
    bufferBytes: 65_536,
    buffers,
    onConnection(socket, reader) {
      closers.push(() => socket.destroy());
      socket.on("end", () => socket.destroy());
      socket.on("close", () => reader.release());
      reader.target = {
        onBytes(bytes, length, isShared) {
          read += length;
          lengths.push(length);
          if (isShared || kept.length > 20) return "used";
          kept.push(bytes.subarray(0, length));
          return "kept";
        },
      };
    },
    onListening: () => listening.resolve(),
    onError: listening.reject,
  });
  closers.push(() => listener.close());
  await listening.promise;
  return { port, read: () => read, lengths };
}

function openSender(port: number, fill: number): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  closers.push(() => socket.destroy());
  socket.write(Buffer.alloc(bodyBytes, fill));
  return socket;
}

test("[D09] however many stream, so many buffers are read into and no more; what somebody keeps is nobody else's", async () => {
  const [clients, most, kept, lentBuffers] = [6, 2, [] as Buffer[], new Gauge()];
  const { port, read } = await openKeeping(new ReadBuffers({ lent: lentBuffers, most }), kept);
  const sockets: Socket[] = [];
  let highest = 0;
  for (let of = 0; of < clients; of++) {
    sockets.push(openSender(port, of));
  }
  await until(() => {
    highest = Math.max(highest, lentBuffers.value);
    return read() === clients * bodyBytes;
  }, "all of it has come");
  expect(highest).toBe(most);
  expect(kept.length).toBeGreaterThan(0);
  for (const bytes of kept) expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
  for (const socket of sockets) socket.destroy();
  await until(() => lentBuffers.value === 0, "they are all back");
});

test.for<[number, number]>([
  [1, 65_536],
  [0, 16_384],
])(
  "[D11] with %i to lend, one who streams is read from in pieces of up to %i bytes",
  async ([most, longest]) => {
    const { port, read, lengths } = await openKeeping(new ReadBuffers({ most }), []);
    openSender(port, 1);
    await until(() => read() === bodyBytes, "all of it has come");
    expect(Math.max(...lengths)).toBe(longest);
  },
);

/** A mistake of ours in what a socket's events lead to costs that socket alone: the worker, and everybody else's, go on. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { until } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import { DialPace } from "../upstream/dial-pace.ts";
import { dialPlain } from "../upstream/dial-plain.ts";
import { openListener } from "./accept.ts";
import { ReadBuffers, SocketReader } from "./socket-reader.ts";

const mistake = new RangeError("a mistake of ours");
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Place {
  readonly port: number;
  readonly faults: unknown[];
  /** Of our side, in their order; each answers what it is told by the same. */
  readonly sockets: Socket[];
}

async function openPlace(onFirst: (socket: Socket) => void): Promise<Place> {
  const faults: unknown[] = [];
  const sockets: Socket[] = [];
  const listening = Promise.withResolvers<number>();
  const listener = openListener({
    address: "127.0.0.1",
    port: 0,
    bufferBytes: 1024,
    buffers: new ReadBuffers({ onFault: (error) => faults.push(error) }),
    onConnection(socket, reader) {
      reader.target = {
        onBytes(bytes, length) {
          socket.write(bytes.toString("latin1", 0, length), "latin1");
          return "used";
        },
      };
      closers.push(() => socket.destroy());
      if (sockets.push(socket) === 1) onFirst(socket);
    },
    onListening: listening.resolve,
    onError: listening.reject,
  });
  closers.push(() => listener.close());
  return { port: await listening.promise, faults, sockets };
}

function openClient(port: number): Socket {
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => {});
  closers.push(() => client.destroy());
  return client;
}

async function expectServed(place: Place): Promise<void> {
  const client = openClient(place.port);
  let heard = "";
  client.on("data", (bytes: Buffer) => (heard += bytes.toString()));
  client.write("hello");
  await until(() => heard === "hello", "another client is served");
}

function throwMistake(): never {
  throw mistake;
}

/** What the first client does so that our side of it has that event. */
const causes: Readonly<Record<string, (client: Socket, ours: Socket) => void>> = {
  end: (client) => void client.end(),
  error: (client) => void client.resetAndDestroy(),
  close: (client, ours) => {
    ours.on("end", () => ours.destroy());
    client.end();
  },
  drain: (client, ours) => {
    while (ours.write(Buffer.alloc(65_536)));
    client.resume();
  },
};

test.for(Object.entries(causes))("%s", async ([event, cause]) => {
  const place = await openPlace((socket) => void socket.on(event, throwMistake));
  const client = openClient(place.port);
  await until(() => place.sockets.length === 1, "it is accepted");
  cause(client, place.sockets[0]!);
  await until(() => place.sockets[0]!.closed, "its socket is closed");
  expect(place.faults).toEqual([mistake]);
  await expectServed(place);
});

test("the connection itself, before anybody listens to it", async () => {
  const place = await openPlace(throwMistake);
  const client = openClient(place.port);
  let isCut = false;
  client.on("close", () => (isCut = true)).resume();
  client.on("end", () => client.end());
  await until(() => isCut, "it is cut");
  expect(place.faults).toEqual([mistake]);
  await expectServed(place);
});

async function openEndpoint(onConnection: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    closers.push(() => socket.destroy());
    onConnection(socket);
  });
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

test.for(["connect", "end", "error", "close"])("%s of a socket to an endpoint", async (event) => {
  const faults: unknown[] = [];
  const port = await openEndpoint((socket) => {
    if (event === "error") socket.resetAndDestroy();
    else socket.end();
  });
  const reader = new SocketReader(new ReadBuffers({ onFault: (error) => faults.push(error) }));
  const { socket } = dialPlain("127.0.0.1", port, reader, new DialPace());
  socket.on(event, throwMistake);
  if (event === "close") socket.on("end", () => socket.destroy());
  await until(() => socket.closed, "its socket is closed");
  expect(faults).toEqual([mistake]);
});

test("an error that nobody listens to is such a mistake too", async () => {
  const place = await openPlace(() => {});
  openClient(place.port);
  await until(() => place.sockets.length === 1, "it is accepted");
  const unheard = new Error("nobody listens");
  place.sockets[0]!.destroy(unheard);
  await until(() => place.faults.length === 1, "it is told");
  expect([place.faults, place.sockets[0]!.closed]).toEqual([[unheard], true]);
  await expectServed(place);
});

/** A socket that has closed refers to nobody: V8 may keep it until a whole collection. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { DialPace } from "../upstream/dial-pace.ts";
import { dialPlain } from "../upstream/dial-plain.ts";
import { openListener } from "./accept.ts";
import { type BytesTarget, ReadBuffers, SocketReader } from "./socket-reader.ts";

interface Accepted {
  readonly socket: Socket;
  readonly reader: SocketReader;
}

const target: BytesTarget = { onBytes: () => "used" };

async function acceptOne(): Promise<{
  readonly port: number;
  readonly accepted: Promise<Accepted>;
  readonly close: () => void;
}> {
  const accepted = Promise.withResolvers<Accepted>();
  const listening = Promise.withResolvers<number>();
  const listener = openListener({
    address: "127.0.0.1",
    port: 0,
    bufferBytes: 1024,
    buffers: new ReadBuffers(),
    onConnection(socket, reader) {
      reader.target = target;
      accepted.resolve({ socket, reader });
    },
    onListening: listening.resolve,
    onError: listening.reject,
  });
  return { port: await listening.promise, accepted: accepted.promise, close: () => listener.close() };
}

function expectLetGo({ socket, reader }: Accepted): void {
  expect(socket.eventNames()).toEqual(["error"]);
  expect([reader.target, reader.socket]).toEqual([undefined, undefined]);
  expect(() => socket.emit("error", new Error("late"))).not.toThrow();
}

test("an accepted socket that has closed knows neither its listeners nor its connection, and all of them heard of the end", async () => {
  const { port, accepted, close } = await acceptOne();
  const client = connect(port, "127.0.0.1");
  const one = await accepted;
  let told = 0;
  one.socket.on("close", () => (told += 1));
  one.socket.once("close", () => (told += 1));
  one.socket.on("drain", () => {});
  const closed = once(one.socket, "close");
  one.socket.destroy();
  await closed;
  expectLetGo(one);
  expect(told).toBe(2);
  client.destroy();
  close();
});

test("so does one to an endpoint, after a failure too", async () => {
  const { port, accepted, close } = await acceptOne();
  const reader = new SocketReader(new ReadBuffers());
  reader.target = target;
  const dialled = dialPlain("127.0.0.1", port, reader, new DialPace());
  (await accepted).socket.resetAndDestroy();
  await new Promise((resolve) => dialled.socket.once("close", resolve));
  expectLetGo({ socket: dialled.socket, reader });
  expect(dialled.failure?.detail ?? "ECONNRESET").toBe("ECONNRESET");
  close();
});

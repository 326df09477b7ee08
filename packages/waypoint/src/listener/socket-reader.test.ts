/** Reading: a socket that has more than its share lets the others have their turn, and loses nothing by it. */
import { connect, type Socket } from "node:net";
import { freePort } from "@waystone/testkit/free-port";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import { type Listener, openListener } from "./accept.ts";
import { ReadBuffers, type SocketReader } from "./socket-reader.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What is counted in each turn of the event loop. */
class Turns {
  readonly all: number[] = [];
  #now = 0;

  add(count: number): void {
    if (this.#now === 0)
      setImmediate(() => {
        this.all.push(this.#now);
        this.#now = 0;
      });
    this.#now += count;
  }
}

async function openReading(
  onAccepted: (socket: Socket, reader: SocketReader) => void,
  clients?: { readonly count: number; readonly clock: ManualClock },
): Promise<Socket> {
  const port = await freePort();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const listener: Listener = openListener({
    address: "127.0.0.1",
    port,
    bufferBytes: 65_536,
    buffers: new ReadBuffers({ clock: clients?.clock }),
    onConnection(socket, reader) {
      socket.on("error", () => {});
      closers.push(() => socket.destroy());
      onAccepted(socket, reader);
    },
    onListening: () => resolve(),
    onError: reject,
  });
  closers.push(() => listener.close());
  await promise;
  const open = (): Socket => {
    const client = connect({ port, host: "127.0.0.1" });
    client.on("error", () => {});
    closers.push(() => client.destroy());
    return client;
  };
  for (let more = (clients?.count ?? 1) - 1; more > 0; more--) open().write(Buffer.alloc(400_000));
  return open();
}

test("[D09] no more than 256 KiB of one socket are read in a turn of the event loop, however much there is", async () => {
  let read = 0;
  let inTurn = 0;
  let most = 0;
  const client = await openReading((_socket, reader) => {
    reader.target = {
      onBytes(_bytes, length) {
        if (inTurn === 0) setImmediate(() => (inTurn = 0));
        read += length;
        inTurn += length;
        most = Math.max(most, inTurn);
        return "used";
      },
    };
  });
  client.write(Buffer.alloc(16_000_000));
  await until(() => read === 16_000_000, "all of it has come");
  expect(most).toBeGreaterThan(65_536);
  expect(most).toBeLessThanOrEqual(4 * 65_536);
});

test("a socket that its owner has paused meanwhile stays paused, until the owner says so", async () => {
  let read = 0;
  let accepted: Socket | undefined;
  const client = await openReading((socket, reader) => {
    accepted = socket;
    reader.target = {
      onBytes(_bytes, length) {
        read += length;
        if (read >= 4 * 65_536 && read < 8 * 65_536) socket.pause();
        return "used";
      },
    };
  });
  client.write(Buffer.alloc(4_000_000));
  await until(() => accepted?.isPaused() === true, "it is paused");
  const atPause = read;
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(read).toBe(atPause);
  accepted!.resume();
  await until(() => {
    accepted!.resume();
    return read === 4_000_000;
  }, "all of it has come");
});

test("[D07] a peer whose bytes come in crumbs is read from in small amounts, one in a turn, until they are none", async () => {
  let read = 0;
  const turns = new Turns();
  let areTheyCrumbs = true;
  const client = await openReading((_socket, reader) => {
    reader.target = {
      onBytes(_bytes, length) {
        read += length;
        turns.add(length);
        return areTheyCrumbs ? "crumbs" : "used";
      },
    };
  });
  client.write(Buffer.alloc(1_000_000));
  await until(() => read === 1_000_000, "all of it has come");
  expect(Math.max(...turns.all.slice(1))).toBeLessThanOrEqual(4096);
  areTheyCrumbs = false;
  turns.all.length = 0;
  client.write(Buffer.alloc(4_000_000));
  await until(() => read === 5_000_000, "all of it has come");
  expect(Math.max(...turns.all)).toBeGreaterThan(65_536);
});

test("[D07] of a connection's first words no more than 4 KiB are read before it is known what they are", async () => {
  const lengths: number[] = [];
  const client = await openReading((_socket, reader) => {
    reader.target = {
      onBytes(_bytes, length) {
        lengths.push(length);
        return "used";
      },
    };
  });
  client.write(Buffer.alloc(400_000));
  await until(() => lengths.reduce((sum, length) => sum + length, 0) === 400_000, "all of it has come");
  expect(lengths[0]).toBeLessThanOrEqual(4096);
  expect(Math.max(...lengths)).toBeGreaterThan(4096);
});

test("[D07] a peer who brought crumbs does not buy himself large reads by one large piece", async () => {
  let read = 0;
  const lengths: number[] = [];
  const client = await openReading((_socket, reader) => {
    reader.target = {
      onBytes(_bytes, length) {
        lengths.push(length);
        read += length;
        return read % 200_000 < 8192 ? "crumbs" : "used";
      },
    };
  });
  client.write(Buffer.alloc(1_000_000));
  await until(() => read === 1_000_000, "all of it has come");
  expect(Math.max(...lengths)).toBe(4096);
});

test("[D01] a socket whose bytes take long has one short read in a turn, and large ones again once they take none", async () => {
  const clock = new ManualClock();
  let read = 0;
  let isDear = true;
  const turns = new Turns();
  const client = await openReading(
    (_socket, reader) => {
      reader.target = {
        onBytes(_bytes, length) {
          read += length;
          turns.add(length);
          if (isDear) clock.advance(1);
          return "used";
        },
      };
    },
    { count: 1, clock },
  );
  client.write(Buffer.alloc(400_000));
  await until(() => read === 400_000, "all of it has come");
  expect(Math.max(...turns.all)).toBeLessThanOrEqual(4096);
  isDear = false;
  client.write(Buffer.alloc(8_000_000));
  await until(() => read === 8_400_000, "all of it has come");
  expect(Math.max(...turns.all)).toBeGreaterThan(16_384);
});

test("[D09] where their reads take long, fewer of those that wait for their next turn have it: one in the end", async () => {
  const clock = new ManualClock();
  const count = 12;
  let read = 0;
  const turns = new Turns();
  const client = await openReading(
    (_socket, reader) => {
      reader.target = {
        onBytes(_bytes, length) {
          turns.add(1);
          read += length;
          clock.advance(5);
          return "crumbs";
        },
      };
    },
    { count, clock },
  );
  client.write(Buffer.alloc(400_000));
  await until(() => read === count * 400_000, "all of it has come");
  // Those that come up to their last bytes need no turn.
  expect(turns.all.slice(10, -10).filter((reads) => reads > 2).length).toBeLessThan(turns.all.length / 5);
});

test("what a target throws costs its own connection: told, cut, and another's bytes are read on", async () => {
  const faults: unknown[] = [];
  const mistake = new RangeError("more body than its declared length");
  const buffers = new ReadBuffers({ onFault: (error) => faults.push(error) });
  const read: string[] = [];
  const { port, sockets } = await openThrowing(buffers, (text) => {
    if (text === "bad") throw mistake;
    read.push(text);
  });
  const [bad, good] = [connect({ port, host: "127.0.0.1" }), connect({ port, host: "127.0.0.1" })];
  closers.push(() => good.destroy());
  let isCut = false;
  bad.on("error", () => {});
  bad.on("close", () => (isCut = true));
  await until(() => sockets.length === 2, "both are accepted");
  bad.write("bad");
  await until(() => isCut, "its connection is cut");
  good.write("good");
  await until(() => read.length === 1, "the other is read");
  expect([faults, read]).toEqual([[mistake], ["good"]]);
});

async function openThrowing(
  buffers: ReadBuffers,
  onText: (text: string) => void,
): Promise<{ readonly port: number; readonly sockets: readonly Socket[] }> {
  const port = await freePort();
  const sockets: Socket[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const listener = openListener({
    address: "127.0.0.1",
    port,
    bufferBytes: 65_536,
    buffers,
    onConnection(socket, reader) {
      sockets.push(socket);
      closers.push(() => socket.destroy());
      reader.target = {
        onBytes(bytes, length) {
          onText(bytes.toString("latin1", 0, length));
          return "used";
        },
      };
    },
    onListening: () => resolve(),
    onError: reject,
  });
  closers.push(() => listener.close());
  await promise;
  return { port, sockets };
}

import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Deadlines } from "../../listener/deadlines.ts";
import { ReadBuffers, SocketReader } from "../../listener/socket-reader.ts";
import { ProtocolChooser } from "./protocol-chooser.ts";
import { magic, settings } from "./testdata/frames.ts";

const clock = new ManualClock();
const deadlines = new Deadlines(clock);
let server: Server;
let client: Socket;
let accepted: Socket | undefined;
let chooser: ProtocolChooser | undefined;
let chosen = "";
let heard = "";
let closed = 0;

beforeEach(async () => {
  [chosen, heard, closed, chooser, accepted] = ["", "", 0, undefined, undefined];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted = socket;
    const reader = new SocketReader(new ReadBuffers());
    const open = (protocol: string): SocketReader["target"] & object => {
      chosen += protocol;
      socket.on("error", () => {});
      const onBytes = (bytes: Buffer, length: number): "used" => {
        heard += bytes.toString("latin1", 0, length);
        return "used";
      };
      reader.target = { onBytes };
      return { onBytes };
    };
    chooser = new ProtocolChooser({
      socket,
      reader,
      deadlines,
      headerMs: 10_000,
      open,
      onClosed: () => closed++,
    });
    reader.listen(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.setNoDelay(true);
  client.on("error", () => {});
  await new Promise((resolve) => client.once("connect", resolve));
});
afterEach(async () => {
  client.destroy();
  accepted?.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const http2 = Buffer.concat([magic, settings([3, 1])]).toString("latin1");

describe("the first bytes tell, and all bytes are passed on", () => {
  test.for([
    ["HTTP/2's preface", http2, "http/2"],
    ["a GET", "GET / HTTP/1.1\r\n\r\n", "http/1.1"],
    ["a POST, which begins with the same letter", "POST / HTTP/1.1\r\n\r\n", "http/1.1"],
    ["a method that begins as the preface does", "PRI * HTTP/1.1\r\n\r\n", "http/1.1"],
    ["a preface that is wrong at its end", "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX", "http/1.1"],
    ["a byte that begins nothing", "\x16\x03\x01", "http/1.1"],
  ] as const)("%s, at once and byte by byte", async ([, text, protocol]) => {
    const split = text.length % 2 === 0;
    for (const piece of split ? text : [text]) {
      client.write(piece, "latin1");
      if (split) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => heard === text, "all is heard");
    expect(chosen).toBe(protocol);
    expect(closed).toBe(0);
  });
});

describe("a connection that does not tell", () => {
  test.for([
    ["says nothing", ""],
    ["begins to", "PRI * HT"],
  ] as const)("and %s is closed after the time for a header", async ([, text]) => {
    client.write(text, "latin1");
    await until(() => accepted?.bytesRead === text.length, "it has come");
    clock.advance(10_100);
    await until(() => closed === 1, "it is closed");
    expect([chosen, heard]).toEqual(["", ""]);
  });

  test("is closed when told to", async () => {
    await until(() => chooser !== undefined, "it is there");
    chooser?.destroy();
    await until(() => closed === 1, "it is closed");
  });

  test("and closes its half is closed", async () => {
    client.write("PRI");
    client.end();
    await until(() => closed === 1, "it is closed");
    expect(chosen).toBe("");
  });
});

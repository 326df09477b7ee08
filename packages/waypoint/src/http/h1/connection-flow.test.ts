/** A connection to an endpoint when one of the two sides is slow: nothing is lost, and nothing half sent is used again. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { until } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import { ReadBuffers } from "../../listener/socket-reader.ts";
import { defaultSettings } from "../../settings.ts";
import { DialPace } from "../../upstream/dial-pace.ts";
import { dialPlain } from "../../upstream/dial-plain.ts";
import type { OutgoingRequest } from "../outgoing.ts";
import type { ResponseSink, Taken } from "../stream.ts";
import { ClientConnection } from "./client-connection.ts";
import { plainDropped } from "../dropped-headers.ts";

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

interface Flow {
  readonly connection: ClientConnection;
  /** The endpoint's end. */
  readonly peer: net.Socket;
  readonly events: string[];
}

async function openFlow(): Promise<Flow> {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const events: string[] = [];
  const connection = new ClientConnection({
    dial: (reader) => dialPlain("127.0.0.1", port, reader, new DialPace()),
    limits: defaultSettings.limits,
    buffers: new ReadBuffers(),
    onConnected: () => events.push("connected"),
    onIdle: () => events.push("idle"),
    onTunnel: () => events.push("tunnel"),
    onFinishing: () => events.push("finishing"),
    onClosed: () => events.push("closed"),
  });
  const [peer] = (await once(server, "connection")) as [net.Socket];
  peer.on("error", () => events.push("peer reset"));
  open.push(server, { close: () => peer.destroy() }, { close: () => connection.destroy() });
  await until(() => events.includes("connected"), "it is connected");
  return { connection, peer, events };
}

class Sink implements ResponseSink {
  readonly #flow: Flow;
  /** What is done with each piece of the body. */
  readonly #take: (bytes: Buffer) => Taken;

  constructor(flow: Flow, take: (bytes: Buffer) => Taken = () => "done") {
    this.#flow = flow;
    this.#take = take;
  }

  onInformational(): void {}
  onResponseHead(): void {
    this.#flow.events.push("head");
  }
  onResponseData(bytes: Buffer): Taken {
    return this.#take(bytes);
  }
  onResponseEnd(): void {
    this.#flow.events.push("end");
  }
  onUpstreamError(kind: string): void {
    this.#flow.events.push(kind);
  }
  onUpstreamDrain(): void {}
  onResponseFlush(): void {}
}

const request = (change: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: "GET",
  target: "/",
  authority: "h",
  block: undefined,
  dropped: plainDropped,
  connectionNames: undefined,
  modifiers: [],
  added: "",
  bodyLength: 0,
  expectsContinue: false,
  acceptsTrailers: false,
  forwarded: undefined,
  upgrade: "",
  ...change,
});

test("a connection that was paused when its answer ended reads the next one", async () => {
  const flow = await openFlow();
  const { connection, peer, events } = flow;
  for (let round = 1; round <= 2; round++) {
    const pausing = new Sink(flow, () => {
      connection.pauseResponse();
      return "full";
    });
    connection.begin(pausing);
    connection.sendHead(request());
    connection.sendEnd(undefined);
    await once(peer, "data");
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await until(() => events.filter((event) => event === "end").length === round, `answer ${round} ends`);
  }
  expect(events).toEqual(["connected", "head", "idle", "end", "head", "idle", "end"]);
});

test("a connection on which the end of a request still waits is not used again", async () => {
  const flow = await openFlow();
  const { connection, peer, events } = flow;
  peer.pause();
  const body = Buffer.alloc(32 * 1024 * 1024);
  connection.begin(new Sink(flow));
  connection.sendHead(request({ method: "POST", bodyLength: body.length }));
  expect(connection.sendData(body)).toBe("full");
  connection.sendEnd(undefined);
  peer.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
  await until(() => events.includes("closed"), "the connection is closed");
  expect(events).toEqual(["connected", "head", "end", "closed"]);
});

test("what waits for the endpoint when both sides of a tunnel have ended still goes out", async () => {
  const flow = await openFlow();
  const { connection, peer, events } = flow;
  connection.begin(new Sink(flow));
  connection.sendHead(request({ upgrade: "websocket" }));
  connection.sendEnd(undefined);
  await once(peer, "data");
  peer.pause();
  peer.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  await until(() => events.includes("end"), "the endpoint's side has ended");
  const bytes = randomBytes(32 * 1024 * 1024);
  connection.sendData(bytes);
  connection.sendEnd(undefined);
  connection.finishTunnel();
  const hash = createHash("sha256");
  peer.on("data", (chunk: Buffer) => hash.update(chunk));
  peer.resume();
  await once(peer, "end");
  expect(hash.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  await until(() => events.includes("closed"), "the connection is closed");
  expect(events).toEqual(["connected", "tunnel", "head", "end", "finishing", "closed"]);
});

test("a tunnel that is given up is a reset to its endpoint", async () => {
  const flow = await openFlow();
  const { connection, peer, events } = flow;
  connection.begin(new Sink(flow));
  connection.sendHead(request({ upgrade: "websocket" }));
  connection.sendEnd(undefined);
  await once(peer, "data");
  peer.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  await until(() => events.includes("head"), "the tunnel is open");
  connection.cancel();
  await until(() => events.includes("peer reset"), "the endpoint sees a reset");
});

test("bytes that a sink keeps are not written over by the bytes that follow", async () => {
  const flow = await openFlow();
  const { connection, peer, events } = flow;
  const kept: Buffer[] = [];
  const keeping = new Sink(flow, (bytes) => {
    // As a socket's queue does with what is more than a little; the rest is copied.
    kept.push(bytes.length > 8 * 1024 ? bytes : Buffer.from(bytes));
    return "queued";
  });
  connection.begin(keeping);
  connection.sendHead(request());
  connection.sendEnd(undefined);
  await once(peer, "data");
  const body = randomBytes(4 * 1024 * 1024);
  peer.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
  peer.write(body);
  await until(() => events.includes("end"), "the answer ends");
  expect(Buffer.concat(kept).equals(body)).toBe(true);
});

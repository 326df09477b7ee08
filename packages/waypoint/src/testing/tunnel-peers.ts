/**
 * Both ends of a WebSocket tunnel through a data plane, each over HTTP/1.1 or HTTP/2 (RFC 6455, RFC 8441), as streams of
 * bytes: what is under test is the tunnel, so frames are whatever is written.
 */
import { createHash } from "node:crypto";
import type { ClientHttp2Session, ServerHttp2Stream } from "node:http2";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { within } from "@waystone/testkit/within";
import { afterEach } from "vitest";
import { type Http2Endpoint, useHttp2Peers } from "./http2-peers.ts";

export type Version = "HTTP/1.1" | "HTTP/2";

export interface TunnelEndpoint {
  /** "127.0.0.1:port" */
  readonly key: string;
  /** The endpoint's end of the next tunnel. */
  next(): Promise<Duplex>;
}

export interface OpenedTunnel {
  readonly client: Duplex;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

export interface TunnelPeers {
  endpoint(version: Version): Promise<TunnelEndpoint>;
  /** Asks for a tunnel on that port, and says `early` at once. */
  open(version: Version, port: number, early?: Buffer): Promise<OpenedTunnel>;
}

const sampleKey = "dGhlIHNhbXBsZSBub25jZQ==";

export function useTunnelPeers(): TunnelPeers {
  const http2 = useHttp2Peers();
  const sockets: Socket[] = [];
  const servers: Server[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });
  const own = (socket: Socket): Socket => {
    socket.on("error", () => {});
    sockets.push(socket);
    return socket;
  };
  return {
    async endpoint(version) {
      const waiting = new Waiting();
      if (version === "HTTP/2") {
        const endpoint: Http2Endpoint = await http2.endpoint((stream) => waiting.push(accept(stream)), {
          settings: { enableConnectProtocol: true },
        });
        return { key: endpoint.key, next: async () => await waiting.next() };
      }
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        void acceptHttp1(own(socket)).then((tunnel) => waiting.push(tunnel));
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      return { key: `127.0.0.1:${port}`, next: async () => await waiting.next() };
    },
    async open(version, port, early) {
      if (version === "HTTP/2") return await openHttp2(http2.client(port), early);
      return await openHttp1(own(connect({ port, host: "127.0.0.1", allowHalfOpen: true })), early);
    },
  };
}

/** Tunnels that have come, and those who wait for one. */
class Waiting {
  readonly #come: Duplex[] = [];
  #resolve: ((tunnel: Duplex) => void) | undefined = undefined;

  push(tunnel: Duplex): void {
    if (this.#resolve === undefined) this.#come.push(tunnel);
    else this.#resolve(tunnel);
    this.#resolve = undefined;
  }

  async next(): Promise<Duplex> {
    const come = this.#come.shift();
    if (come !== undefined) return come;
    return await within(
      new Promise<Duplex>((resolve) => (this.#resolve = resolve)),
      "a tunnel at the endpoint",
    );
  }
}

function accept(stream: ServerHttp2Stream): Duplex {
  stream.respond({ ":status": 200, "sec-websocket-protocol": "chat" });
  return stream;
}

async function acceptHttp1(socket: Socket): Promise<Duplex> {
  const head = await readHead(socket);
  const key = head.get("sec-websocket-key") ?? "";
  const digest = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      `Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: ${digest}\r\n\r\n`,
  );
  return socket;
}

async function openHttp1(socket: Socket, early?: Buffer): Promise<OpenedTunnel> {
  socket.write(
    "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      `Sec-WebSocket-Key: ${sampleKey}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n\r\n`,
  );
  if (early !== undefined) socket.write(early);
  const headers = await readHead(socket);
  return { client: socket, status: Number(headers.get("")?.split(" ")[1]), headers };
}

async function openHttp2(session: ClientHttp2Session, early?: Buffer): Promise<OpenedTunnel> {
  await within(new Promise((resolve) => session.once("remoteSettings", resolve)), "SETTINGS");
  const stream = session.request(
    {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":path": "/chat",
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "chat",
    },
    { endStream: false },
  );
  stream.on("error", () => {});
  if (early !== undefined) stream.write(early);
  const head = new Promise<object>((resolve) => stream.once("response", resolve));
  const headers = new Map(
    Object.entries(await within(head, "the answer")).map(([name, value]) => [name, String(value)]),
  );
  return { client: stream, status: Number(headers.get(":status")), headers };
}

/** Lines by lower-case names, the first under ""; what came after it is still to be read. */
async function readHead(socket: Socket): Promise<ReadonlyMap<string, string>> {
  let bytes = Buffer.alloc(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  const read = (): void => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      bytes = Buffer.concat([bytes, chunk]);
    }
    if (bytes.includes("\r\n\r\n")) resolve();
  };
  socket.on("readable", read);
  await within(promise, "a head");
  socket.off("readable", read);
  const end = bytes.indexOf("\r\n\r\n");
  if (bytes.length > end + 4) socket.unshift(bytes.subarray(end + 4));
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const named = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return new Map([["", first], ...named]);
}

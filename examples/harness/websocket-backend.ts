/**
 * A WebSocket backend of the examples (RFC 6455): says its name and what it heard, message by message, answers pings, and
 * says goodbye with the code that it was told. Messages are whole frames, which is what short ones are.
 */
import { createHash } from "node:crypto";
import http from "node:http";
import type { Duplex } from "node:stream";
import type { Seen } from "./ask.ts";
import type { Backend, BackendOptions } from "./backend.ts";

const Opcode = { text: 1, close: 8, ping: 9, pong: 10 } as const;

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Of the whole frame. */
  readonly bytes: number;
}

export async function openWebSocketBackend(options: BackendOptions): Promise<Backend> {
  const { name, host, port } = options;
  const seen: Seen[] = [];
  const tunnels = new Set<Duplex>();
  const server = http.createServer((_, response) => void response.writeHead(426).end());
  server.on("upgrade", (request, socket, early) => {
    tunnels.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => tunnels.delete(socket));
    seen.push({ name, method: "GET", path: request.url ?? "", headers: {}, bodyBytes: 0 });
    const key = request.headers["sec-websocket-key"] ?? "";
    const proof = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        `Sec-WebSocket-Accept: ${proof}\r\n\r\n`,
    );
    socket.unshift(early);
    serve(socket, name);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const close = async (): Promise<void> => {
    for (const tunnel of tunnels) tunnel.destroy();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { ...options, seen, close };
}

function serve(socket: Duplex, name: string): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.bytes);
      answer(socket, name, frame);
    }
  });
  socket.on("end", () => socket.end());
}

function answer(socket: Duplex, name: string, { opcode, payload }: Frame): void {
  if (opcode === Opcode.ping) socket.write(writeFrame(Opcode.pong, payload));
  else if (opcode === Opcode.close) socket.end(writeFrame(Opcode.close, payload));
  else socket.write(writeFrame(Opcode.text, Buffer.from(`${name} heard ${payload.toString()}`)));
}

/** A client's frame, which is masked (5.3); undefined while it is not whole. */
export function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const isMasked = bytes[1]! >= 0x80;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length =
    lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : lengthBytes === 2 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (isMasked) for (let i = 0; i < length; i++) payload[i]! ^= bytes[start - 4 + (i & 3)]!;
  return { opcode: bytes[0]! & 0xf, payload, bytes: start + length };
}

/** A frame that is a whole message: `mask` where a client sends it. */
export function writeFrame(opcode: number, payload: Buffer, mask?: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = (length < 126 ? length : length < 65_536 ? 126 : 127) | (mask === undefined ? 0 : 0x80);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (mask === undefined) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i & 3]!)]);
}

/**
 * The process behind echo-backend.ts: whatever comes through a WebSocket tunnel or a gRPC call goes back as it came, and a
 * plain GET is answered 200. A tunnel to /flood gets bytes until it takes no more.
 */
import { createHash } from "node:crypto";
import http from "node:http";
import http2, { type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { floodBytes, floodTarget } from "./echo-backend.ts";

/** HAProxy looks at the proof (RFC 6455 4.2.2). */
function switching(key: string): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

const http1 = http.createServer((_, response) => void response.end("ok"));
http1.keepAliveTimeout = 0;
http1.on("upgrade", (request, socket: Duplex) => {
  socket.on("error", () => {});
  socket.write(switching(request.headers["sec-websocket-key"] ?? ""));
  if (request.url === floodTarget) {
    socket.write(Buffer.alloc(floodBytes));
    socket.resume();
  } else {
    socket.on("data", (piece: Buffer) => void socket.write(piece));
  }
  socket.on("end", () => void socket.end());
});

const settings = { maxConcurrentStreams: 1000, initialWindowSize: 1 << 20, enableConnectProtocol: true };
const h2 = http2.createServer({ settings });
h2.on("stream", (stream: ServerHttp2Stream, headers) => {
  stream.on("error", () => {});
  if (headers[":method"] === "GET") {
    stream.respond({ ":status": 200 });
    stream.end("ok");
    return;
  }
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.on("data", (piece: Buffer) => void stream.write(piece));
  stream.on("end", () => void stream.end());
});

await Promise.all(
  [http1, h2].map(
    async (server) => await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", 8192, resolve)),
  ),
);
const [port, http2Port] = [http1, h2].map((server) => (server.address() as AddressInfo).port);
console.log(JSON.stringify({ port, http2Port }));

/** Endpoints of the soak, in a process of their own: HTTP/1.1 with WebSocket echo, HTTP/2 that streams like gRPC, and TCP echo. */
import { createServer as createHttp } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer as createTcp, type Server } from "node:net";
import { EndTimes } from "./end-times.ts";

export interface SoakPorts {
  readonly http: number;
  readonly grpc: number;
  readonly tcp: number;
}

const http = createHttp({ keepAliveTimeout: 60_000 }, (request, response) => {
  response.on("error", () => {});
  request.on("error", () => {});
  if (request.method === "POST") request.pipe(response);
  else {
    request.resume();
    response.end("ok");
  }
});
const tunnels = new EndTimes();
process.on("message", () => process.send?.(tunnels.report()));
http.on("upgrade", (_request, socket) => {
  tunnels.onOpened();
  socket.on("close", () => tunnels.onEnded());
  socket.on("error", () => {});
  socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  socket.pipe(socket);
});

const grpc = createHttp2();
grpc.on("sessionError", () => {});
grpc.on("stream", (stream: ServerHttp2Stream) => {
  stream.on("error", () => {});
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.pipe(stream);
});

const tcp = createTcp({ allowHalfOpen: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
});

async function listen(server: Pick<Server, "listen" | "address">): Promise<number> {
  // Every address of this machine: two of them are two endpoints.
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", 4096, resolve));
  return (server.address() as AddressInfo).port;
}

const ports: SoakPorts = { http: await listen(http), grpc: await listen(grpc), tcp: await listen(tcp) };
process.send?.(ports);

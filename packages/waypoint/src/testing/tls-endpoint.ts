/** An endpoint that speaks TLS, for tests: HTTP/1.1 or HTTP/2 by node's own servers, and what it saw of every connection. */
import { createSecureServer, type Http2SecureServer } from "node:http2";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TlsOptions, TLSSocket } from "node:tls";

export interface TlsEndpoint {
  readonly address: string;
  readonly sockets: readonly TLSSocket[];
  /** Whether each of them resumed a session. */
  readonly resumed: readonly boolean[];
  /** Connections, with a handshake that succeeded or not. */
  readonly reached: () => number;
  readonly server: Server | Http2SecureServer;
  close(): Promise<void>;
}

export async function openTlsEndpoint(
  options: TlsOptions & { readonly host?: string; readonly port?: number },
  protocol: "http/1.1" | "h2" = "http/1.1",
): Promise<TlsEndpoint> {
  const server =
    protocol === "h2"
      ? createSecureServer(options, (_, response) => void response.end("ok"))
      : createServer(options, (_, response) => void response.end("ok"));
  const sockets: TLSSocket[] = [];
  const resumed: boolean[] = [];
  const raw = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    raw.add(socket);
    socket.on("error", () => {});
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    sockets.push(socket);
    resumed.push(socket.isSessionReused());
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) =>
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", () => resolve()),
  );
  const { address, port } = server.address() as AddressInfo;
  return {
    address: `${address}:${port}`,
    sockets,
    resumed,
    reached: () => raw.size,
    server,
    async close() {
      for (const socket of [...sockets, ...raw]) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Many kept-alive connections that have each made one request and then say nothing. */
import net from "node:net";
import { http2Request } from "./http2-request.ts";

export interface IdleConnections {
  readonly open: number;
  close(): Promise<void>;
}

const atATime = 100;

export async function openIdleConnections(
  port: number,
  host: string,
  target: string,
  count: number,
  isHttp2 = false,
): Promise<IdleConnections> {
  const sockets: net.Socket[] = [];
  const wire = isHttp2
    ? http2Request(target)
    : Buffer.from(`GET ${target} HTTP/1.1\r\nHost: bench.test\r\n\r\n`);
  for (let opened = 0; opened < count; opened += atATime) {
    const batch = Array.from(
      { length: Math.min(atATime, count - opened) },
      async () => await openOne(port, host, wire),
    );
    sockets.push(...(await Promise.all(batch)));
  }
  return {
    get open() {
      return sockets.filter((socket) => !socket.destroyed && socket.readable).length;
    },
    async close() {
      await Promise.all(sockets.map(closeOne));
    },
  };
}

async function openOne(port: number, host: string, wire: Buffer): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const socket = net.connect({ port, host, noDelay: true }, () => socket.write(wire));
  socket.once("error", reject);
  socket.on("data", () => resolve(socket));
  return await promise;
}

async function closeOne(socket: net.Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once("close", () => resolve());
  socket.destroy();
  await promise;
}

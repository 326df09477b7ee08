/** Closed-loop load of messages: on each stream one goes out, comes back whole, and the next goes out. */
import http2 from "node:http2";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The part of a socket or HTTP/2 stream that is used. */
export interface Line {
  write(bytes: Buffer): unknown;
  on(event: "data", listener: (bytes: Buffer) => void): unknown;
}

export interface PingPong {
  readonly lines: readonly Line[];
  close(): void;
}

/** Messages there and back. */
export async function playPingPong(
  lines: readonly Line[],
  message: Buffer,
  seconds: number,
): Promise<number> {
  let messages = 0;
  let isOver = false;
  const waits = lines.map((line) => {
    let left = message.length;
    const { promise, resolve } = Promise.withResolvers<void>();
    const heard = (bytes: Buffer): void => {
      left -= bytes.length;
      if (left > 0) return;
      messages += 1;
      left = message.length;
      if (isOver) resolve();
      else line.write(message);
    };
    line.on("data", heard);
    line.write(message);
    return promise;
  });
  await sleep(seconds * 1000);
  isOver = true;
  const late = sleep(5000, undefined, { ref: false }).then(() => {
    throw new Error("messages did not come back");
  });
  await Promise.race([Promise.all(waits), late]);
  return messages;
}

export interface At {
  readonly host: string;
  readonly port: number;
}

/** WebSocket tunnels over HTTP/1.1; what is said in them is nobody's business but the ends'. */
export async function openTunnels(at: At, target: string, count: number): Promise<readonly net.Socket[]> {
  const tunnels: net.Socket[] = [];
  const batch = 100;
  while (tunnels.length < count) {
    const size = Math.min(batch, count - tunnels.length);
    tunnels.push(
      ...(await Promise.all(Array.from({ length: size }, async () => await openTunnel(at, target)))),
    );
  }
  return tunnels;
}

async function openTunnel({ host, port }: At, target: string): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const socket = net.connect({ host, port, noDelay: true });
  const late = setTimeout(() => reject(new Error("no tunnel within 20 s")), 20_000);
  let head = "";
  const read = (piece: Buffer): void => {
    head += piece.toString("latin1");
    if (!head.includes("\r\n\r\n")) return;
    clearTimeout(late);
    socket.off("data", read);
    socket.pause();
    if (head.startsWith("HTTP/1.1 101 ")) resolve(socket);
    else reject(new Error(`no tunnel: ${head.split("\r\n")[0]}`));
  };
  socket.on("data", read);
  socket.on("error", reject);
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: bench.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  );
  return await promise;
}

/** Bidirectional gRPC calls, with prior knowledge. */
export async function openCalls(
  at: At,
  path: string,
  connections: number,
  streams: number,
): Promise<PingPong> {
  const sessions = Array.from({ length: connections }, () => http2.connect(`http://${at.host}:${at.port}`));
  const head = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const opened = sessions.flatMap((session) =>
    Array.from({ length: streams }, async () => {
      const { promise, resolve, reject } = Promise.withResolvers<Line>();
      const stream = session.request(head, { endStream: false });
      stream.on("error", reject);
      stream.on("response", (answer) => {
        if (answer[":status"] === 200) resolve(stream);
        else reject(new Error(`a call got ${answer[":status"]}`));
      });
      return await promise;
    }),
  );
  const lines = await Promise.all(opened);
  return { lines, close: () => sessions.forEach((session) => session.destroy()) };
}

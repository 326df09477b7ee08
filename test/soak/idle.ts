/** Very many connections that do nothing: idle HTTP/1.1, idle HTTP/2, and WebSocket tunnels; and what each costs. */
import { connect, type Socket } from "node:net";
import type { SoakPlaces } from "./manifests.ts";

export const idleKinds = ["HTTP/1.1 connections", "HTTP/2 connections", "WebSocket tunnels"] as const;
export type IdleKind = (typeof idleKinds)[number];

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0", "latin1");
const said: Readonly<Record<IdleKind, Buffer>> = {
  "HTTP/1.1 connections": Buffer.from("GET / HTTP/1.1\r\nHost: web\r\n\r\n"),
  "HTTP/2 connections": preface,
  "WebSocket tunnels": Buffer.from(
    "GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ),
};

const atATime = 50;

/** Rejects where one of them is not served. */
export async function holdIdle(
  places: SoakPlaces,
  kind: IdleKind,
  count: number,
): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  const openOne = async (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect({ host: places.address, port: places.http }, () => socket.write(said[kind]));
    sockets.push(socket);
    socket.on("error", reject);
    socket.once("close", () => reject(new Error(`one of ${count} ${kind} was closed`)));
    socket.on("data", () => resolve());
    await promise;
  };
  for (let opened = 0; opened < count; opened += atATime) {
    await Promise.all(Array.from({ length: Math.min(atATime, count - opened) }, openOne));
  }
  return sockets;
}

/**
 * Holds very many connections that do nothing, and says when they ended: a process of its own, as what it takes to hear of ten
 * thousand ends is no part of what the waypoint needs for them.
 */
import { connect } from "node:net";
import { EndTimes } from "./end-times.ts";

export const idleKinds = ["HTTP/1.1 connections", "HTTP/2 connections", "WebSocket tunnels"] as const;
export type IdleKind = (typeof idleKinds)[number];

export interface HoldOrder {
  readonly kind: IdleKind;
  /** In turn. */
  readonly targets: readonly { readonly host: string; readonly port: number }[];
  readonly count: number;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0", "latin1");
const said: Readonly<Record<IdleKind, Buffer>> = {
  "HTTP/1.1 connections": Buffer.from("GET / HTTP/1.1\r\nHost: web\r\n\r\n"),
  "HTTP/2 connections": preface,
  "WebSocket tunnels": Buffer.from(
    "GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ),
};

const atATime = 50;
const ends = new EndTimes();

process.on("message", (order: HoldOrder | "report") => {
  if (order === "report") process.send?.(ends.report());
  else void hold(order);
});

/** Answers once all are served; ends, and is missed, where one is not. */
async function hold({ kind, targets, count }: HoldOrder): Promise<void> {
  const openOne = async (at: number): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect(targets[at % targets.length]!, () => socket.write(said[kind]));
    socket.on("error", reject);
    socket.once("close", () => reject(new Error(`one of ${count} ${kind} was closed`)));
    socket.once("data", () => resolve());
    await promise;
    ends.onOpened();
    socket.resume();
    socket.once("close", () => ends.onEnded());
  };
  for (let opened = 0; opened < count; opened += atATime) {
    const next = Array.from({ length: Math.min(atATime, count - opened) }, (_, at) => openOne(opened + at));
    await Promise.all(next);
  }
  process.send?.(ends.report());
}

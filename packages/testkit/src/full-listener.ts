/**
 * A place where connections are begun and never come about, on any machine: its listener takes none, and has as many waiting as the
 * kernel lets wait. An address of TEST-NET-1 (RFC 5737) is one only where a network leads packets to it, and into nothing.
 */
import net from "node:net";
import { Worker } from "node:worker_threads";
import { nextEvent } from "./within.ts";

/** Linux lets one more wait than it was told. */
const waiting = 2;

export interface FullListener {
  readonly port: number;
  close(): Promise<void>;
}

/** On 127.0.0.1. */
export async function openFullListener(): Promise<FullListener> {
  const deaf = new Worker(new URL("./full-listener-thread.ts", import.meta.url));
  const [port] = (await nextEvent(deaf, "message")) as [number];
  const sockets: net.Socket[] = [];
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await deaf.terminate();
  };
  try {
    for (let at = 0; at < waiting; at++) {
      const socket = net.connect(port, "127.0.0.1");
      sockets.push(socket);
      await nextEvent(socket, "connect");
      socket.on("error", () => {});
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { port, close };
}

/**
 * Until the other side of a loopback connection has read all that was written. A kernel delivers within a turn of the event
 * loop, or, on a machine that starves it, many milliseconds later: a test that lets time pass by hand must not guess.
 */
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { until } from "./within.ts";

/** Where the kernel does not say: enough turns of the event loop on a machine that has time. */
const turnsElsewhere = 50;

export async function untilRead(socket: Socket): Promise<void> {
  await until(() => socket.writableLength === 0, "all is written");
  if (process.platform === "linux") await until(async () => await isRead(socket), "all is read");
  // The reader's turn ends, if it is of this thread.
  const turns = process.platform === "linux" ? 1 : turnsElsewhere;
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Nothing is unacknowledged on this side, nothing unread on the other; a side that is gone reads nothing any more. */
async function isRead({ localPort, remotePort }: Socket): Promise<boolean> {
  if (localPort === undefined || remotePort === undefined) return true;
  const table = await readFile("/proc/net/tcp", "latin1");
  const ours = queuesOf(table, localPort, remotePort);
  const theirs = queuesOf(table, remotePort, localPort);
  return (ours?.unsent ?? 0) === 0 && (theirs?.unread ?? 0) === 0;
}

/** A line: number, local and remote address:port, state, "tx_queue:rx_queue" in hexadecimal, and more. */
function queuesOf(
  table: string,
  localPort: number,
  remotePort: number,
): { readonly unsent: number; readonly unread: number } | undefined {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0");
  const line = new RegExp(
    `: [0-9A-F]{8}:${hex(localPort)} [0-9A-F]{8}:${hex(remotePort)} [0-9A-F]{2} ([0-9A-F]{8}):([0-9A-F]{8}) `,
  ).exec(table);
  if (line === null) return undefined;
  return { unsent: Number.parseInt(line[1]!, 16), unread: Number.parseInt(line[2]!, 16) };
}

/**
 * Whether bytes are under way between this process and itself. A kernel delivers loopback within a turn of the event loop, or,
 * on a machine that starves it, many milliseconds later: a test that lets time pass by hand must not guess.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

export interface LoopbackTraffic {
  /** Something that one side sent has not reached the other: bytes, a connection's beginning or its end. */
  readonly isUnderWay: boolean;
  close(): void;
}

const dialled = "net.client.socket";
const accepted = "net.server.socket";

interface Pair {
  client?: Socket;
  server?: Socket;
}

/** Watches connections to `port` from now on. */
export function watchLoopback(port: number): LoopbackTraffic {
  const connecting = new Set<Socket>();
  /** By the client's port. */
  const pairs = new Map<number, Pair>();
  const join = (clientPort: number | undefined, side: Pair): void => {
    if (clientPort === undefined) return;
    const pair = pairs.get(clientPort) ?? {};
    // A port that is used again: the one before it is over.
    const isAnother =
      (side.client && pair.client) !== undefined || (side.server && pair.server) !== undefined;
    pairs.set(clientPort, isAnother ? side : { ...pair, ...side });
  };
  const onDialled = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    connecting.add(socket);
    socket.once("connect", () => {
      if (socket.remotePort === port) join(socket.localPort, { client: socket });
    });
    for (const event of ["connect", "close"]) socket.once(event, () => connecting.delete(socket));
  };
  const onAccepted = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort === port) join(socket.remotePort, { server: socket });
  };
  subscribe(dialled, onDialled);
  subscribe(accepted, onAccepted);
  return {
    get isUnderWay() {
      if (connecting.size > 0) return true;
      for (const [clientPort, { client, server }] of pairs) {
        // Who gave up while it came about is never seen here: then it is over with the other side.
        if (client?.destroyed !== false && server?.destroyed !== false) pairs.delete(clientPort);
        else if (client === undefined || server === undefined || !isQuiet(client, server)) return true;
      }
      return false;
    },
    close() {
      unsubscribe(dialled, onDialled);
      unsubscribe(accepted, onAccepted);
    },
  };
}

function isQuiet(client: Socket, server: Socket): boolean {
  if (client.destroyed || server.destroyed) return false;
  return client.bytesWritten === server.bytesRead && server.bytesWritten === client.bytesRead;
}

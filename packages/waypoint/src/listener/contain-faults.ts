/**
 * What Node tells of a socket beside its bytes (its end, its error, its close, that it takes more) comes as events, and what a
 * listener of ours throws would end the worker. Here it costs that socket, and is told (connection-faults.ts). On the one way that
 * all events take rather than around each listener: none can be forgotten. A request has no event of its own.
 */
import type { Socket } from "node:net";
import type { SocketReader } from "./socket-reader.ts";

/** Call it when the socket is made. */
export function containFaults(socket: Socket, reader: SocketReader): void {
  const emit = socket.emit.bind(socket) as (...told: unknown[]) => boolean;
  // Not assigned as a literal (let-go.ts).
  const contained = (...told: unknown[]): boolean => {
    try {
      return emit(...told);
    } catch (error) {
      reader.cut(error, socket);
      return true;
    }
  };
  socket.emit = contained as Socket["emit"];
}

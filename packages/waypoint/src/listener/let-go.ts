/**
 * A closed socket lets go of whoever had to do with it. V8 puts a function literal that is assigned to a property straight into
 * the old generation, and what it knows stays until a whole collection; Node makes one for every stream, which knows the stream
 * (WritableState.onwrite). So each connection that had come and gone was kept with all that its socket refers to, young collections
 * copied it all, and they took 5 to 20 ms beside a peer that opens connection after connection.
 */
import type { Socket } from "node:net";
import type { SocketReader } from "./socket-reader.ts";

/** Call it when the socket is made. Listeners for its "close" are all called. */
export function letGoWhenClosed(socket: Socket, reader: SocketReader): void {
  socket.on("close", () => {
    socket.removeAllListeners();
    // Nothing is to come; if it did, an error that nobody listens to would end the worker.
    socket.on("error", ignore);
    reader.forget();
  });
}

function ignore(): void {}

/** One waypoint's gRPC call, joined to a stream of the push server. */
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import type { DeltaServer } from "../server/delta-server.ts";

export type DeltaCall = ServerDuplexStream<Uint8Array, Uint8Array>;

export interface ServedCall {
  /** Ends the stream with a status that says why. */
  end(reason: string): void;
}

/** `ended` is called once, when this side has ended the call or the other side is gone. */
export function serveCall(call: DeltaCall, server: DeltaServer, ended: () => void): ServedCall {
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    stream.closed();
    ended();
  };
  const end = (reason: string): void => {
    if (isOver) return;
    finish();
    // As grpc-js has it: an error event ends the call with that status.
    call.emit("error", Object.assign(new Error(reason), { code: status.UNAVAILABLE, details: reason }));
  };
  const stream = server.openStream({
    send: (bytes) => !isOver && call.write(bytes),
    close: end,
  });
  call.on("data", (bytes: Uint8Array) => stream.receive(bytes));
  call.on("drain", () => stream.writable());
  call.on("end", () => {
    finish();
    call.end();
  });
  call.on("error", finish);
  call.on("cancelled", finish);
  call.on("close", finish);
  return { end };
}

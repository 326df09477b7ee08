/** One waypoint's gRPC call, joined to a stream of the push server. */
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import type { DeltaServer } from "../server/delta-server.ts";
import type { Authorize } from "../server/waypoint-scope.ts";

export type DeltaCall = ServerDuplexStream<Uint8Array, Uint8Array>;

export interface ServedCall {
  /** Ends the stream with a status that says why; UNAVAILABLE unless given. */
  end(reason: string, code?: number): void;
}

export interface ServeCallOptions {
  readonly call: DeltaCall;
  readonly server: DeltaServer;
  /** Of this call alone. */
  readonly authorize?: Authorize | undefined;
  /** Once, when this side has ended the call or the other side is gone. */
  readonly ended: () => void;
}

export function serveCall({ call, server, authorize, ended }: ServeCallOptions): ServedCall {
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    stream.closed();
    ended();
  };
  const end = (reason: string, code: number = status.UNAVAILABLE): void => {
    if (isOver) return;
    finish();
    refuseCall(call, reason, code);
  };
  const wire = {
    send: (bytes: Uint8Array) => !isOver && call.write(bytes),
    close: (why: string) => end(why),
  };
  const stream = server.openStream(wire, authorize);
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

/** As grpc-js has it: an error event ends the call with that status. */
export function refuseCall(call: DeltaCall, reason: string, code: number): void {
  call.emit("error", Object.assign(new Error(reason), { code, details: reason }));
}

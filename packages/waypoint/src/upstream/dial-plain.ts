/** A plain socket to "address:port". */
import { Socket } from "node:net";
import { containFaults } from "../listener/contain-faults.ts";
import { letGoWhenClosed } from "../listener/let-go.ts";
import type { SocketReader } from "../listener/socket-reader.ts";
import type { Dialled } from "./dial.ts";
import type { DialPace } from "./dial-pace.ts";

export function dialPlain(address: string, port: number, reader: SocketReader, dials: DialPace): Dialled {
  // `noDelay` is missing from Node's types.
  const options = { allowHalfOpen: true, noDelay: true, onread: reader.onread() };
  const socket = new Socket(options);
  dials.begin(socket, { host: address, port });
  reader.socket = socket;
  letGoWhenClosed(socket, reader);
  containFaults(socket, reader);
  return dialledBy(socket);
}

/** What is told of a socket that is being connected. */
export function dialledBy(socket: Socket): Dialled {
  const dialled: Dialled = {
    socket,
    tellsInPieces: false,
    onOpen: () => {},
    endedProperly: () => true,
    failure: undefined,
  };
  socket.once("connect", () => dialled.onOpen());
  socket.once("error", (error: NodeJS.ErrnoException) => {
    dialled.failure = { kind: "connect-failed", detail: error.code ?? "unknown" };
  });
  return dialled;
}

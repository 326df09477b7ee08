/** What a client's connection is made of, and whom it tells. */
import type { Socket } from "node:net";
import type { Deadlines } from "../../listener/deadlines.ts";
import type { SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { Limits, Timeouts } from "../../settings.ts";
import type { HeldBytes } from "../held-bytes.ts";
import type { RequestHead } from "../message.ts";
import type { ServeRequest } from "../stream.ts";
import type { ServerConnection } from "./server-connection.ts";

export interface ServerConnectionOptions {
  readonly socket: Socket;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly deadlines: Deadlines;
  /** One per worker. */
  readonly held: HeldBytes;
  readonly reader: SocketReader;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly serve: ServeRequest;
  /** A request that was refused before it could be served: for the access log and metrics. */
  readonly onRefused: (kind: ProxyErrorKind, problem: string, head: RequestHead) => void;
  readonly onClosed: (connection: ServerConnection) => void;
}

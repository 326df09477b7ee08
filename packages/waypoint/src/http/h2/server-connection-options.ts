/** What an HTTP/2 connection from a client is opened with. */
import type { Socket } from "node:net";
import type { SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { RequestHead } from "../message.ts";
import type { ServeRequest } from "../stream.ts";
import type { Http2Context } from "./http2-context.ts";
import type { ServerConnection } from "./server-connection.ts";

export interface ServerConnectionOptions {
  readonly context: Http2Context;
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly serve: ServeRequest;
  /** A request that was refused before it could be served: for the access log and metrics. */
  readonly onRefused: (kind: ProxyErrorKind, problem: string, head: RequestHead) => void;
  readonly onClosed: (connection: ServerConnection) => void;
}

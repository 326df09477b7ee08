/**
 * Listening sockets, and connections accepted so that they read into shared memory (socket-reader.ts). Node offers that
 * (`onread`) to clients' sockets only; for accepted ones the server's handle is asked for the connection and the socket is
 * made here, with the same constructor that Node uses (known-node.ts says when; elsewhere sockets read in Node's own way).
 */
import { createServer, type Server, Socket, type SocketConstructorOpts } from "node:net";
import { containFaults } from "./contain-faults.ts";
import { isKnownNode } from "./known-node.ts";
import { letGoWhenClosed } from "./let-go.ts";
import { listenAt } from "./listen-at.ts";
import { type ReadBuffers, SocketReader } from "./socket-reader.ts";

export interface ListenOptions {
  readonly address: string;
  readonly port: number;
  /** Bytes queued towards a slow reader before it counts as full. */
  readonly bufferBytes: number;
  readonly buffers: ReadBuffers;
  /** Must set the reader's target at once, or destroy the socket. */
  readonly onConnection: (socket: Socket, reader: SocketReader) => void;
  readonly onListening: (port: number) => void;
  readonly onError: (error: NodeJS.ErrnoException) => void;
}

/** The part of Node's TCP handle that is used. */
interface TcpHandle {
  onconnection: ((status: number, client: object | undefined) => void) | undefined;
}

export interface Listener {
  /** Stops accepting; connections stay. */
  close(): void;
}

export function openListener(options: ListenOptions): Listener {
  const server = createServer({ allowHalfOpen: true, noDelay: true, highWaterMark: options.bufferBytes });
  server.on("connection", (socket) => {
    const reader = new SocketReader(options.buffers);
    containFaults(socket, reader);
    tellOf(socket, reader, options);
    reader.listen(socket);
  });
  const { address, port } = options;
  const onListening = (): void => {
    acceptIntoSharedMemory(server, options);
    const bound = server.address();
    options.onListening(typeof bound === "object" && bound !== null ? bound.port : port);
  };
  listenAt(server, { address, port, backlog: 4096, reusePort: true }, onListening, options.onError);
  return { close: () => void server.close() };
}

function acceptIntoSharedMemory(server: Server, options: ListenOptions): void {
  const handle = (server as { _handle?: TcpHandle })._handle;
  if (!isKnownNode || typeof handle?.onconnection !== "function") return;
  handle.onconnection = (status, client) => {
    // Out of descriptors and the like: the kernel keeps the connection in its queue, the next event tries again.
    if (status !== 0 || client === undefined) return;
    const reader = new SocketReader(options.buffers);
    // `handle` is missing from Node's types.
    const socketOptions = {
      handle: client,
      allowHalfOpen: true,
      writableHighWaterMark: options.bufferBytes,
      onread: reader.onread(),
    };
    const socket = new Socket(socketOptions as SocketConstructorOpts);
    reader.socket = socket;
    letGoWhenClosed(socket, reader);
    containFaults(socket, reader);
    socket.setNoDelay(true);
    tellOf(socket, reader, options);
  };
}

function tellOf(socket: Socket, reader: SocketReader, options: ListenOptions): void {
  try {
    options.onConnection(socket, reader);
  } catch (error) {
    reader.cut(error, socket);
  }
}

/**
 * A TCP server for tests that keeps the exact bytes of every connection, reads them as strictly as read-message.ts, and
 * answers each request with the bytes that the test scripts. Through its connections a test can also half-close, reset,
 * stall, answer early or late, and speak first.
 */
import net from "node:net";
import type { Bytes } from "./raw-http-client.ts";
import type { ReadRequest } from "./read-message.ts";
import { UpstreamConnection } from "./upstream-connection.ts";
import { until } from "./within.ts";

/** The bytes to answer with; undefined: no answer (the test acts through the connection). May be late: a promise. */
export type AnswerRequest = (
  request: ReadRequest,
  connection: UpstreamConnection,
) => Bytes | undefined | Promise<Bytes | undefined>;

export interface RecordingUpstreamOptions {
  readonly host?: string;
  readonly port?: number;
  /** Called when a request is whole. */
  readonly answer?: AnswerRequest;
  /** Called when a connection opens: to speak first, to read nothing (pause), to answer at the first byte. */
  readonly onConnection?: (connection: UpstreamConnection) => void;
  /** False: bytes are recorded and never read as HTTP (plain TCP tests). */
  readonly readsHttp?: boolean;
}

export const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

export class RecordingUpstream {
  readonly connections: UpstreamConnection[] = [];
  readonly #server: net.Server;

  constructor(server: net.Server) {
    this.#server = server;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get host(): string {
    return (this.#server.address() as net.AddressInfo).address;
  }

  /** The requests of all connections, in the order of the connections. */
  get requests(): readonly ReadRequest[] {
    return this.connections.flatMap((connection) => connection.requests);
  }

  /** Every byte that any connection brought. */
  get bytes(): Buffer {
    return Buffer.concat(this.connections.map((connection) => connection.bytes));
  }

  async connection(index = 0): Promise<UpstreamConnection> {
    await until(() => this.connections.length > index, `upstream connection ${index} opens`);
    const found = this.connections[index];
    if (found === undefined) throw new Error("unreachable: the connection was just counted");
    return found;
  }

  /** The index-th whole request over all connections. */
  async request(index = 0): Promise<ReadRequest> {
    await until(() => this.requests.length > index, `upstream request ${index} is whole`);
    const found = this.requests[index];
    if (found === undefined) throw new Error("unreachable: the request was just counted");
    return found;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export async function openRecordingUpstream(
  options: RecordingUpstreamOptions = {},
): Promise<RecordingUpstream> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true });
  const upstream = new RecordingUpstream(server);
  server.on("connection", (socket) => {
    const answer = options.answer ?? (() => okAnswer);
    const connection = new UpstreamConnection(socket, options.readsHttp === false ? undefined : answer);
    upstream.connections.push(connection);
    options.onConnection?.(connection);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1", 4096, resolve);
  await promise;
  return upstream;
}

/**
 * The server side of the codec without a proxy behind it: every request is recorded and answered as the test says. By
 * default: 200, and the request's body once it is whole.
 */
import { createServer, type Server } from "node:net";
import { systemClock, type Clock } from "@waystone/base/clock";
import { systemRng } from "@waystone/base/rng";
import { Deadlines } from "../../../listener/deadlines.ts";
import { ReadBuffers, SocketReader } from "../../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../../proxy/proxy-error.ts";
import { defaultSettings, type Limits, type Timeouts } from "../../../settings.ts";
import { plainDropped } from "../../dropped-headers.ts";
import type { HeaderBlock } from "../../header-block.ts";
import type { RequestHead } from "../../message.ts";
import type { OutgoingResponse } from "../../outgoing.ts";
import type { DownstreamStream, RequestSink, ServeRequest, Taken } from "../../stream.ts";
import { Http2Context } from "../http2-context.ts";
import { defaultHttp2Settings, type Http2Settings } from "../http2-settings.ts";
import { ServerConnection } from "../server-connection.ts";

export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodyLength: number;
  body: string;
  trailers: readonly (readonly [string, string])[] | undefined;
  /** "open" until it is whole or lost. */
  state: "open" | "whole" | ProxyErrorKind;
}

export interface TestServerOptions {
  readonly serve?: (seen: SeenRequest, stream: DownstreamStream, head: RequestHead) => RequestSink;
  readonly settings?: Partial<Http2Settings>;
  readonly limits?: Partial<Limits>;
  readonly timeouts?: Partial<Timeouts>;
  readonly clock?: Clock;
  readonly port?: number;
  readonly onFault?: (error: unknown) => void;
}

export interface TestServer {
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** "kind: problem" */
  readonly refused: readonly string[];
  readonly connections: ReadonlySet<ServerConnection>;
  readonly context: Http2Context;
  close(): Promise<void>;
}

export async function openTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? systemClock;
  const deadlines = new Deadlines(clock);
  const buffers = new ReadBuffers();
  const context = new Http2Context({
    clock,
    rng: systemRng,
    deadlines,
    limits: { ...defaultSettings.limits, ...options.limits },
    timeouts: { ...defaultSettings.timeouts, ...options.timeouts },
    settings: { ...defaultHttp2Settings, ...options.settings },
    ...(options.onFault === undefined ? {} : { onFault: options.onFault }),
  });
  const requests: SeenRequest[] = [];
  const refused: string[] = [];
  const connections = new Set<ServerConnection>();
  const serve: ServeRequest = (stream, head) => {
    const seen = seenRequest(head);
    requests.push(seen);
    return options.serve?.(seen, stream, head) ?? new EchoSink(seen, stream);
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const reader = new SocketReader(buffers);
    const connection = new ServerConnection({
      context,
      socket,
      reader,
      peerAddress: "127.0.0.1",
      peerPort: socket.remotePort ?? 0,
      localAddress: "127.0.0.1",
      serve,
      onRefused: (kind, problem) => refused.push(`${kind}: ${problem}`),
      onClosed: (closed) => connections.delete(closed),
    });
    connections.add(connection);
    reader.listen(socket);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    port,
    requests,
    refused,
    connections,
    context,
    async close() {
      for (const connection of connections) connection.destroy();
      deadlines.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

export function linesOf(headers: HeaderBlock): (readonly [string, string])[] {
  return Array.from({ length: headers.count }, (_, i) => [headers.nameAt(i), headers.valueAt(i)] as const);
}

function seenRequest(head: RequestHead): SeenRequest {
  const { method, target, authority, bodyLength } = head;
  const headers = linesOf(head.headers);
  return { method, target, authority, headers, bodyLength, body: "", trailers: undefined, state: "open" };
}

export function plainAnswer(status: number, bodyLength: number, added = ""): OutgoingResponse {
  return {
    status,
    reason: "",
    block: undefined,
    dropped: plainDropped,
    connectionNames: undefined,
    modifiers: [],
    added,
    bodyLength,
    close: false,
    upgrade: "",
  };
}

/** Records a request; answers with its body and trailers. */
export class EchoSink implements RequestSink {
  protected readonly seen: SeenRequest;
  readonly #stream: DownstreamStream;
  readonly #body: Buffer[] = [];

  constructor(seen: SeenRequest, stream: DownstreamStream) {
    this.seen = seen;
    this.#stream = stream;
  }

  onRequestData(bytes: Buffer): Taken {
    this.#body.push(Buffer.from(bytes));
    return "done";
  }

  onRequestEnd(trailers: HeaderBlock | undefined): void {
    const body = Buffer.concat(this.#body);
    this.seen.body = body.toString("latin1");
    this.seen.trailers = trailers === undefined ? undefined : linesOf(trailers);
    this.seen.state = "whole";
    this.#stream.sendHead(plainAnswer(200, trailers === undefined ? body.length : -1));
    if (body.length > 0) this.#stream.sendData(body);
    this.#stream.sendEnd(trailers);
  }

  onRequestAborted(kind: ProxyErrorKind): void {
    this.seen.state = kind;
  }

  onDownstreamDrain(): void {}
  onRequestFlush(): void {}
}

/** Records a request, and never answers. */
export class SilentSink extends EchoSink {
  override onRequestEnd(): void {
    this.seen.state = "whole";
  }
}

/**
 * A connection passed on to an endpoint of the backend that tcp-connection.ts chose: bytes both ways as they come, each side's
 * end and each side's reset told to the other. Either side may speak first. A backend that cannot be reached resets the
 * client, as it would have itself.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { Socket } from "node:net";
import { pickLeastRequest } from "@waystone/engine/balance/p2c";
import type { ConnectionContext } from "../proxy/connection-context.ts";
import { type ProxyErrorKind, proxyError } from "../proxy/proxy-error.ts";
import type { Backend, Endpoint } from "../store/snapshot.ts";
import { dialEndpoint, type Dialled, whenOpen } from "../upstream/dial.ts";
import { dialPlain } from "../upstream/dial-plain.ts";
import { noCloseNotify } from "../upstream/tls-end.ts";
import { isForbiddenAddress } from "../upstream/forbidden-address.ts";
import { Deadline } from "./deadlines.ts";
import { resetSocket } from "./reset-socket.ts";
import { type BytesTarget, SocketReader } from "./socket-reader.ts";
import { copyLimit } from "../http/h1/message-writer.ts";
import { waitingBytes } from "../http/waiting-bytes.ts";

export interface TunnelOptions {
  readonly context: ConnectionContext;
  readonly socket: Socket;
  readonly reader: SocketReader;
  /** An endpoint took the connection. */
  readonly onOpened: (backend: Backend, endpoint: Endpoint) => void;
  /** Once, at the end; may come before open() returns. */
  readonly onClosed: (report: TunnelReport) => void;
}

export interface TunnelReport {
  /** Undefined: it was refused before one was chosen. */
  readonly backend: Backend | undefined;
  readonly endpoint: Endpoint | undefined;
  /** Whether onOpened was called. */
  readonly opened: boolean;
  readonly attempts: number;
  readonly startedAt: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly error: ProxyErrorKind | undefined;
  readonly detail: string;
}

/** Endpoints tried before the client is told that there is none. */
const connectTries = 3;

const nothing = Buffer.alloc(0);

/** One direction: reads `from`, writes `to`. */
class Half implements BytesTarget {
  readonly #tunnel: TcpTunnel;
  readonly #from: () => Socket;
  readonly #to: () => Socket | undefined;
  bytes = 0;

  constructor(tunnel: TcpTunnel, from: () => Socket, to: () => Socket | undefined) {
    this.#tunnel = tunnel;
    this.#from = from;
    this.#to = to;
  }

  onBytes(bytes: Buffer, length: number, isShared: boolean): "used" | "kept" {
    const to = this.#to();
    this.#tunnel.touch();
    this.bytes += length;
    if (to === undefined) return "used";
    const view = bytes.subarray(0, length);
    if (length <= copyLimit) {
      to.write(view.latin1Slice(), "latin1");
    } else {
      const piece = to.writableLength > 0 ? waitingBytes(view) : view;
      to.write(isShared && piece === view ? Buffer.from(view) : piece);
    }
    if (to.writableNeedDrain && to.writableLength > 0) this.#from().pause();
    return to.writableLength === 0 ? "used" : "kept";
  }
}

export class TcpTunnel {
  readonly #options: TunnelOptions;
  readonly #downstream: Socket;
  readonly #deadline: Deadline;
  readonly #startedAt: number;
  readonly #fromClient: Half;
  readonly #fromEndpoint: Half;
  #upstream: Socket | undefined = undefined;
  #backend: Backend | undefined = undefined;
  /** What the client said before anybody was dialled; goes first. */
  #said: Buffer = nothing;
  #endpoint: Endpoint | undefined = undefined;
  #tries = 0;
  #connected = false;
  #clientEnded = false;
  #connectTimedOut = false;
  #sidesClosed = 0;
  #over = false;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.#downstream = options.socket;
    this.#startedAt = options.context.proxy.clock.now();
    this.#fromClient = new Half(
      this,
      () => this.#downstream,
      () => this.#upstream,
    );
    this.#fromEndpoint = new Half(
      this,
      () => this.#upstream!,
      () => this.#downstream,
    );
    this.#deadline = new Deadline(() => this.#expired(), options.socket);
    this.#attachDownstream(options.socket);
    // What the client says first waits in the kernel until there is somebody to say it to.
    options.socket.pause();
  }

  /** Looks for an endpoint of the backend, to which `said` goes first; may be over before it returns. */
  open(backend: Backend, said: Buffer): void {
    this.#backend = backend;
    this.#said = said;
    this.#fromClient.bytes = said.length;
    this.#options.reader.target = this.#fromClient;
    this.#dial(backend, undefined);
  }

  touch(): void {
    const { settings, upstream } = this.#options.context.proxy;
    upstream.deadlines.set(this.#deadline, settings.timeouts.tunnelIdleMs);
  }

  /** Ends both sides, by a reset unless nothing is lost by less. */
  close(error: ProxyErrorKind, detail: string, how: "end" | "reset" = "reset"): void {
    this.#finish(error, detail, how);
  }

  #attachDownstream(socket: Socket): void {
    socket.on("end", () => {
      this.#clientEnded = true;
      if (this.#backend === undefined)
        this.#finish("downstream-closed", "ended before its first words did", "reset");
      else if (this.#connected) this.#upstream?.end();
    });
    socket.on("drain", () => this.#upstream?.resume());
    socket.on("error", () => this.#finish("downstream-closed", "reset", "reset"));
    socket.on("close", () => this.#sideClosed());
  }

  /** A side closes once both directions through it have ended; what is queued for the other still goes out. */
  #sideClosed(): void {
    if (++this.#sidesClosed === 2 || this.#backend === undefined) this.#finish(undefined, "", "end");
  }

  #expired(): void {
    if (this.#connected) return this.#finish("stream-idle", "idle", "end");
    this.#connectTimedOut = true;
    this.#upstream?.destroy();
  }

  #dial(backend: Backend, failed: Endpoint | undefined): void {
    const { context } = this.#options;
    const endpoint = pickLeastRequest(backend.endpoints, context.proxy.rng, failed);
    if (endpoint === undefined) return this.#finishWithoutEndpoint(backend);
    if (isForbiddenAddress(endpoint.address, endpoint.port, context.proxy.settings)) {
      return this.#finish("forbidden-address", endpoint.key, "reset");
    }
    this.#tries++;
    this.#endpoint = endpoint;
    this.#connectTimedOut = false;
    endpoint.active++;
    const { deadlines, dials } = context.proxy.upstream;
    deadlines.set(this.#deadline, context.proxy.settings.timeouts.connectMs);
    const reader = new SocketReader(context.proxy.upstream.buffers);
    reader.target = this.#fromEndpoint;
    // Where the client speaks TLS with the endpoint itself, a policy for TLS to the backend adds no second one.
    const dialled =
      context.acceptedPort.isTls || this.#said.length > 0
        ? dialPlain(endpoint.address, endpoint.port, reader, dials)
        : dialEndpoint(endpoint, "", reader, context.proxy.upstream);
    this.#upstream = dialled.socket;
    this.#attachUpstream(dialled, reader, backend, endpoint);
  }

  #finishWithoutEndpoint({ unusable }: Backend): void {
    if (unusable === "") this.#finish("no-healthy-upstream", "", "reset");
    else this.#finish("backend-tls-unusable", unusable, "reset");
  }

  #attachUpstream(dialled: Dialled, reader: SocketReader, backend: Backend, endpoint: Endpoint): void {
    const { socket } = dialled;
    let failure = "";
    let ended = false;
    whenOpen(dialled, () => {
      this.#connected = true;
      this.#options.onOpened(backend, endpoint);
      this.touch();
      if (this.#said.length > 0) socket.write(this.#said);
      this.#said = nothing;
      this.#downstream.resume();
      if (this.#clientEnded) socket.end();
    });
    socket.on("end", () => {
      if (!dialled.endedProperly()) return this.#finish("upstream-truncated", noCloseNotify, "reset");
      ended = true;
      this.#downstream.end();
    });
    socket.on("drain", () => this.#downstream.resume());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      failure = error.code ?? "unknown";
    });
    socket.on("close", () => {
      reader.release();
      endpoint.active--;
      if (this.#over || socket !== this.#upstream) return;
      if (this.#connected) {
        if (failure !== "" || !ended) this.#finish("upstream-reset", failure, "reset");
        else this.#sideClosed();
      } else if (this.#tries < connectTries && backend.endpoints.length > 1) {
        this.#dialAgain(backend, endpoint);
      } else if (this.#connectTimedOut) {
        this.#finish("connect-timeout", "no connection in time", "reset");
      } else {
        const { kind, detail } = dialled.failure ?? { kind: "connect-failed", detail: failure };
        this.#finish(kind, detail, "reset");
      }
    });
  }

  /** A mistake of ours there would be counted against a socket that is gone already, and leave the client's waiting. */
  #dialAgain(backend: Backend, failed: Endpoint): void {
    try {
      this.#dial(backend, failed);
    } catch (error) {
      this.#finish("internal", errorMessage(error), "reset");
      throw error;
    }
  }

  /** `how`: what the sockets that are still there get. */
  #finish(error: ProxyErrorKind | undefined, detail: string, how: "end" | "reset"): void {
    if (this.#over) return;
    this.#over = true;
    this.#said = nothing;
    this.#options.context.proxy.upstream.deadlines.clear(this.#deadline);
    for (const socket of [this.#downstream, this.#upstream]) {
      if (socket === undefined || socket.destroyed) continue;
      // One with bytes that its peer does not take would wait for ever to end.
      if (how === "end" && socket.writableLength === 0) socket.destroy();
      else resetSocket(socket);
    }
    this.#options.reader.release();
    this.#options.onClosed({
      backend: this.#backend,
      endpoint: this.#endpoint,
      opened: this.#connected,
      attempts: this.#tries,
      startedAt: this.#startedAt,
      bytesReceived: this.#fromClient.bytes,
      bytesSent: this.#fromEndpoint.bytes,
      error,
      detail,
    });
  }
}

/** For logs and metrics. */
export function flagOf(report: TunnelReport): string {
  return report.error === undefined ? "-" : proxyError(report.error).flag;
}

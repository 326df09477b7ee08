/**
 * A TCP connection passed on to an endpoint: bytes both ways as they come, each side's end and each side's reset told to
 * the other. Either side may speak first. A backend that cannot be reached resets the client, as it would have itself.
 */
import { connect, type Socket } from "node:net";
import { pickLeastRequest } from "@waystone/engine/balance/p2c";
import type { ConnectionContext } from "../proxy/connection-context.ts";
import { labelsOf } from "../proxy/connection-context.ts";
import type { LongLived } from "../proxy/long-lived.ts";
import { servedPort } from "../proxy/match-route.ts";
import { type ProxyErrorKind, proxyError } from "../proxy/proxy-error.ts";
import type { Endpoint, ServedPort, Snapshot } from "../store/snapshot.ts";
import { isForbiddenAddress } from "../upstream/forbidden-address.ts";
import { Deadline } from "./deadlines.ts";
import { resetSocket } from "./reset-socket.ts";
import { type BytesTarget, SocketReader } from "./socket-reader.ts";
import { copyLimit } from "../http/h1/message-writer.ts";

export interface TunnelOptions {
  readonly context: ConnectionContext;
  readonly port: ServedPort;
  readonly socket: Socket;
  readonly reader: SocketReader;
  /** An endpoint took the connection. */
  readonly onOpened: (tunnel: TcpTunnel, endpoint: Endpoint) => void;
  /** Once, at the end; may come before start() returns. */
  readonly onClosed: (tunnel: TcpTunnel, report: TunnelReport) => void;
}

export interface TunnelReport {
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
    if (length <= copyLimit) to.write(view.latin1Slice(), "latin1");
    else to.write(isShared ? Buffer.from(view) : view);
    if (to.writableNeedDrain && to.writableLength > 0) this.#from().pause();
    return to.writableLength === 0 ? "used" : "kept";
  }
}

export class TcpTunnel implements LongLived {
  readonly #options: TunnelOptions;
  readonly #downstream: Socket;
  readonly #deadline: Deadline;
  readonly #startedAt: number;
  readonly #fromClient: Half;
  readonly #fromEndpoint: Half;
  #upstream: Socket | undefined = undefined;
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
    options.reader.target = this.#fromClient;
    this.#deadline = new Deadline(() => this.#expired());
    this.#attachDownstream(options.socket);
    // What the client says first waits in the kernel until there is somebody to say it to.
    options.socket.pause();
  }

  get listenKey(): string {
    return this.#options.context.listenKey;
  }

  /** Looks for an endpoint; may be over before it returns. */
  start(): void {
    this.#options.context.proxy.longLived.add(this);
    this.#dial(undefined);
  }

  touch(): void {
    const { settings, upstream } = this.#options.context.proxy;
    upstream.deadlines.set(this.#deadline, settings.timeouts.tunnelIdleMs);
  }

  destroy(): void {
    this.#finish("draining", "", "reset");
  }

  recheck(snapshot: Snapshot): void {
    const port = servedPort(this.#options.context, snapshot);
    if (port === undefined) this.#finish("not-served", "the Service's port has gone", "reset");
    else if (port.protocol !== "tcp") this.#finish("not-served", "the Service's port is HTTP now", "reset");
  }

  #attachDownstream(socket: Socket): void {
    socket.on("end", () => {
      this.#clientEnded = true;
      if (this.#connected) this.#upstream?.end();
    });
    socket.on("drain", () => this.#upstream?.resume());
    socket.on("error", () => this.#finish("downstream-closed", "reset", "reset"));
    socket.on("close", () => this.#sideClosed());
  }

  /** A side closes once both directions through it have ended; what is queued for the other still goes out. */
  #sideClosed(): void {
    if (++this.#sidesClosed === 2) this.#finish(undefined, "", "end");
  }

  #expired(): void {
    if (this.#connected) return this.#finish("stream-idle", "idle", "end");
    this.#connectTimedOut = true;
    this.#upstream?.destroy();
  }

  #dial(failed: Endpoint | undefined): void {
    const { context, port } = this.#options;
    const endpoint = pickLeastRequest(port.backend.endpoints, context.proxy.rng, failed);
    if (endpoint === undefined) return this.#finish("no-healthy-upstream", "", "reset");
    if (isForbiddenAddress(endpoint.address, endpoint.port, context.proxy.settings)) {
      return this.#finish("forbidden-address", endpoint.key, "reset");
    }
    this.#tries++;
    this.#endpoint = endpoint;
    this.#connectTimedOut = false;
    endpoint.active++;
    const { deadlines } = context.proxy.upstream;
    deadlines.set(this.#deadline, context.proxy.settings.timeouts.connectMs);
    const reader = new SocketReader(context.proxy.upstream.buffers);
    reader.target = this.#fromEndpoint;
    const socket = connect({
      host: endpoint.address,
      port: endpoint.port,
      noDelay: true,
      allowHalfOpen: true,
      onread: reader.onread(),
    });
    this.#upstream = socket;
    this.#attachUpstream(socket, reader, endpoint);
  }

  #attachUpstream(socket: Socket, reader: SocketReader, endpoint: Endpoint): void {
    let failure = "";
    let ended = false;
    socket.on("connect", () => {
      this.#connected = true;
      this.#options.onOpened(this, endpoint);
      this.touch();
      this.#downstream.resume();
      if (this.#clientEnded) socket.end();
    });
    socket.on("end", () => {
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
      } else if (this.#tries < connectTries && this.#options.port.backend.endpoints.length > 1) {
        this.#dial(endpoint);
      } else if (this.#connectTimedOut) {
        this.#finish("connect-timeout", "no connection in time", "reset");
      } else {
        this.#finish("connect-failed", failure, "reset");
      }
    });
  }

  /** `how`: what the sockets that are still there get. */
  #finish(error: ProxyErrorKind | undefined, detail: string, how: "end" | "reset"): void {
    if (this.#over) return;
    this.#over = true;
    const { longLived, upstream } = this.#options.context.proxy;
    longLived.delete(this);
    upstream.deadlines.clear(this.#deadline);
    for (const socket of [this.#downstream, this.#upstream]) {
      if (socket === undefined || socket.destroyed) continue;
      // One with bytes that its peer does not take would wait for ever to end.
      if (how === "end" && socket.writableLength === 0) socket.destroy();
      else resetSocket(socket);
    }
    this.#options.reader.release();
    this.#options.onClosed(this, {
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

  get source(): ReturnType<typeof labelsOf> {
    return labelsOf(this.#options.context.identity());
  }
}

/** For logs and metrics. */
export function flagOf(report: TunnelReport): string {
  return report.error === undefined ? "-" : proxyError(report.error).flag;
}

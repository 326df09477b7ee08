/**
 * The traffic half of a worker: listeners that follow the snapshot, and the connections behind them. What arrives on a port
 * belongs to the Service port that listens there, whatever the request says.
 */
import type { Socket } from "node:net";
import { parseIp } from "@waystone/base/ip";
import { Http2Context } from "../http/h2/http2-context.ts";
import { defaultHttp2Settings } from "../http/h2/http2-settings.ts";
import type { ConnectionContext, ProxyContext } from "../proxy/connection-context.ts";
import { listenKey } from "../store/listen-key.ts";
import type { ServedPort, Snapshot } from "../store/snapshot.ts";
import { formatAccessLog } from "../telemetry/access-log.ts";
import { LogBuffer } from "../telemetry/log-buffer.ts";
import { RequestMetrics } from "../telemetry/request-metrics.ts";
import type { DataPlane, DataPlaneOptions } from "../worker/data-plane-seam.ts";
import { openListener, type Listener } from "./accept.ts";
import { ClientIdentity, trustedHopTest } from "./client-identity.ts";
import { Deadlines } from "./deadlines.ts";
import { HttpConnection } from "./http-connection.ts";
import { ReadBuffers, type SocketReader } from "./socket-reader.ts";
import { countOpened, logTunnel } from "./tunnel-report.ts";
import { TcpTunnel } from "./tcp-tunnel.ts";

interface Connection {
  drain(): void;
  destroy(): void;
}

export function openDataPlane(options: DataPlaneOptions): DataPlane {
  return new ListenerSet(options);
}

class ListenerSet implements DataPlane {
  readonly #options: DataPlaneOptions;
  readonly #proxy: ProxyContext;
  readonly #http2: Http2Context;
  readonly #buffers = new ReadBuffers();
  readonly #deadlines: Deadlines;
  readonly #log: LogBuffer;
  readonly #isTrustedHop: (address: string) => boolean;
  readonly #listeners = new Map<string, Listener>();
  readonly #connections = new Set<Connection>();
  readonly #open;
  readonly #accepted;
  #draining = false;
  #tellDrained: (() => void) | undefined = undefined;

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    const { clock, rng, settings, metrics, identity } = options;
    this.#deadlines = new Deadlines(clock);
    this.#log = new LogBuffer(clock, (lines) => options.emit({ type: "access-log", lines }));
    this.#isTrustedHop = trustedHopTest(settings.forwarding.trustedHops);
    this.#open = metrics.gauge("waystone_downstream_connections", "Client connections that are open.");
    this.#accepted = metrics.counter("waystone_downstream_connections_total", "Client connections accepted.");
    this.#proxy = {
      settings,
      clock,
      rng,
      upstream: { settings, clock, deadlines: this.#deadlines, buffers: this.#buffers },
      metrics: new RequestMetrics(metrics),
      current: options.current,
      log: settings.accessLog ? (entry) => this.#log.add(formatAccessLog(entry)) : undefined,
      whenKnown: (address, tell) => identity.whenKnown(address, 2000, tell),
    };
    const { limits, timeouts } = settings;
    const deadlines = this.#deadlines;
    this.#http2 = new Http2Context({
      clock,
      rng,
      deadlines,
      limits,
      timeouts,
      settings: defaultHttp2Settings,
    });
  }

  follow(snapshot: Snapshot): void {
    if (this.#draining) return;
    for (const [key, listener] of this.#listeners) {
      if (snapshot.listeners.has(key)) continue;
      listener.close();
      this.#listeners.delete(key);
    }
    for (const [key, port] of snapshot.listeners) if (!this.#listeners.has(key)) this.#listen(key, port);
  }

  drain(deadlineMs: number): void {
    this.#draining = true;
    for (const connection of this.#connections) connection.drain();
    const timer = this.#options.clock.after(deadlineMs, () => this.#tellDrained?.());
    this.#tellDrained = () => {
      this.#tellDrained = undefined;
      timer.cancel();
      this.close();
      this.#options.emit({ type: "drained" });
    };
    this.#afterClose();
  }

  close(): void {
    for (const listener of this.#listeners.values()) listener.close();
    this.#listeners.clear();
    for (const connection of this.#connections) connection.destroy();
    this.#log.flush();
    this.#deadlines.close();
  }

  setLogLevel(): void {
    // The data path logs requests alone; their level is the access log's switch.
  }

  #listen(key: string, port: ServedPort): void {
    const bind = port.listen.find(({ address, port: number }) => listenKey(address, number) === key)!;
    const { emit, settings } = this.#options;
    const listener = openListener({
      address: bind.address,
      port: bind.port,
      bufferBytes: settings.limits.bufferBytes,
      buffers: this.#buffers,
      onConnection: (socket, reader) => this.#accept(key, socket, reader),
      onListening: (bound) => emit({ type: "listening", address: bind.address, port: bound }),
      onError: (error) => {
        this.#listeners.delete(key);
        emit({
          type: "listen-failed",
          address: bind.address,
          port: bind.port,
          reason: error.code ?? error.message,
        });
      },
    });
    this.#listeners.set(key, listener);
  }

  #accept(key: string, socket: Socket, reader: SocketReader): void {
    const port = this.#options.current().listeners.get(key);
    const peerAddress = parseIp(socket.remoteAddress ?? "");
    // A port that has just left the snapshot, a peer that has just left, or too many: nothing is answered.
    if (port === undefined || peerAddress === undefined || this.#isFull()) {
      socket.on("error", () => {});
      socket.resetAndDestroy();
      return;
    }
    this.#accepted.add(1);
    const isTrusted = this.#isTrustedHop(peerAddress);
    const sequence = (): number => this.#options.current().sequence;
    const identity = new ClientIdentity(this.#options.identity, peerAddress, isTrusted, sequence);
    const context: ConnectionContext = {
      proxy: this.#proxy,
      listenKey: key,
      acceptedPort: port,
      identity: () => identity.state(),
      forwarding: () => identity.forwarding(),
      sourceKey: () => identity.key(),
    };
    if (port.protocol === "http") this.#acceptHttp(context, socket, reader, peerAddress);
    else this.#acceptTcp(context, port, socket, reader);
    this.#open.set(this.#connections.size);
  }

  #isFull(): boolean {
    return this.#connections.size >= this.#options.settings.limits.connections;
  }

  #acceptHttp(context: ConnectionContext, socket: Socket, reader: SocketReader, peerAddress: string): void {
    const connection = new HttpConnection({
      context,
      http2: this.#http2,
      socket,
      reader,
      deadlines: this.#deadlines,
      peerAddress,
      onClosed: (closed) => this.#closed(closed),
    });
    this.#connections.add(connection);
    if (this.#draining) connection.closeAfterFirst();
  }

  #acceptTcp(context: ConnectionContext, port: ServedPort, socket: Socket, reader: SocketReader): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const { metrics } = this.#options;
    const tunnel = new TcpTunnel({
      context,
      port,
      socket,
      reader,
      onOpened: ({ source }, endpoint) => countOpened(metrics, source, port, endpoint),
      onClosed: ({ source }, report) => {
        logTunnel(context, metrics, port, peer, source, report);
        this.#closed(connection);
      },
    });
    const connection: Connection = { drain: () => {}, destroy: () => tunnel.destroy() };
    this.#connections.add(connection);
    tunnel.start();
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection);
    this.#open.set(this.#connections.size);
    this.#afterClose();
  }

  #afterClose(): void {
    if (this.#connections.size === 0) this.#tellDrained?.();
  }
}

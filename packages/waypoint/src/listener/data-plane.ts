/**
 * The traffic half of a worker: listeners that follow the snapshot, and the connections behind them. What arrives on a port
 * belongs to the Service port that listens there, whatever the request says.
 */
import type { Socket } from "node:net";
import { parseIp } from "@waystone/base/ip";
import { Http2Context } from "../http/h2/http2-context.ts";
import { AuthorizerMetrics } from "../authorizer/authorizer-metrics.ts";
import { HeldBytes } from "../http/held-bytes.ts";
import { defaultHttp2Settings } from "../http/h2/http2-settings.ts";
import type { ConnectionContext, ProxyContext } from "../proxy/connection-context.ts";
import { ConnectionLimits } from "../overload/connection-limits.ts";
import { Overload } from "../overload/overload.ts";
import { DecidingRules } from "../store/deciding-rules.ts";
import type { ServedPort, Snapshot } from "../store/snapshot.ts";
import { LongLivedSet } from "../proxy/long-lived.ts";
import { WaitingMirrors } from "../proxy/waiting-mirrors.ts";
import { AccessLogFormat } from "../telemetry/access-log.ts";
import { PolicyDecisions } from "../proxy/policy-decisions.ts";
import { acceptedMetric } from "../telemetry/connection-metrics.ts";
import { LogBuffer } from "../telemetry/log-buffer.ts";
import { TcpMetrics } from "../telemetry/tcp-metrics.ts";
import { RequestMetrics } from "../telemetry/request-metrics.ts";
import { CredentialBook } from "../passwords/credential-book.ts";
import { openPasswordThread } from "../passwords/open-password-thread.ts";
import { PasswordChecker } from "../passwords/password-checker.ts";
import { KeyRing } from "../tokens/key-ring.ts";
import { TokenVerifier } from "../tokens/token-verifier.ts";
import { DialPace } from "../upstream/dial-pace.ts";
import type { DataPlane, DataPlaneOptions } from "../worker/data-plane-seam.ts";
import { openListener, type Listener } from "./accept.ts";
import { ClientIdentity, trustedHopTest } from "./client-identity.ts";
import { ConnectionFaults } from "./connection-faults.ts";
import { ConnectionSet, type HeldSeat } from "./connection-set.ts";
import { Deadlines } from "./deadlines.ts";
import { HttpConnection } from "./http-connection.ts";
import { ReadBuffers, type SocketReader } from "./socket-reader.ts";
import { TcpConnection } from "./tcp-connection.ts";

/** A place that is listened on, and what it was when the snapshot was last looked at. */
interface OpenPlace {
  readonly listener: Listener;
  /** ServedPort.key */
  port: string;
  isReleasing: boolean;
}

export function openDataPlane(options: DataPlaneOptions): DataPlane {
  return new ListenerSet(options);
}

class ListenerSet implements DataPlane {
  readonly #options: DataPlaneOptions;
  readonly #proxy: ProxyContext;
  readonly #http2: Http2Context;
  readonly #tcpMetrics: TcpMetrics;
  readonly #buffers: ReadBuffers;
  readonly #deadlines: Deadlines;
  readonly #log: LogBuffer;
  readonly #isTrustedHop: (address: string) => boolean;
  readonly #places = new Map<string, OpenPlace>();
  readonly #connections = new ConnectionSet();
  readonly #held: HeldBytes;
  readonly #limits: ConnectionLimits;
  readonly #overload: Overload;
  readonly #keys: KeyRing;
  readonly #credentials = new CredentialBook(() => this.#proxy.longLived.recheckAll());
  readonly #deciding = new DecidingRules();
  readonly #passwords = new PasswordChecker({ openThread: openPasswordThread });
  readonly #open;
  readonly #accepted;
  #leaving = false;
  #draining = false;
  #tellDrained: (() => void) | undefined = undefined;

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    const { clock, rng, settings, metrics, identity } = options;
    const onFault = new ConnectionFaults(options).report;
    this.#buffers = new ReadBuffers({
      clock,
      onFault,
      lent: metrics.gauge(
        "waystone_read_buffers",
        "Buffers of 64 KiB that connections with bulk to send read into.",
      ),
    });
    this.#deadlines = new Deadlines(clock, onFault);
    this.#tcpMetrics = new TcpMetrics(metrics);
    this.#held = new HeldBytes(settings.limits.unfinishedHeadBytes);
    this.#http2 = new Http2Context({
      clock,
      rng,
      deadlines: this.#deadlines,
      limits: settings.limits,
      timeouts: settings.timeouts,
      settings: { ...defaultHttp2Settings, ...settings.http2 },
      held: this.#held,
      onFault,
    });
    this.#log = new LogBuffer(clock, (lines) => options.emit({ type: "access-log", lines }));
    this.#limits = new ConnectionLimits({ ...settings.limits, descriptors: options.descriptors, metrics });
    this.#overload = new Overload({
      ...options,
      settings: settings.overload,
      source: options.memory,
      connections: () => this.#connections.all(),
      expireStalled: (stalledMs) => this.#deadlines.expireEarly(settings.timeouts.streamIdleMs, stalledMs),
    });
    this.#keys = new KeyRing({
      clock,
      want: (wanted) => options.emit({ type: "want-keys", wanted }),
      refetch: (id) => options.emit({ type: "refetch-keys", id }),
      onChanged: () => this.#proxy.longLived.recheckAll(),
    });
    this.#isTrustedHop = trustedHopTest(settings.forwarding.trustedHops);
    this.#open = metrics.gauge("waystone_downstream_connections", "Client connections that are open.");
    this.#accepted = metrics.counter(acceptedMetric, "Client connections accepted.");
    const format = new AccessLogFormat();
    this.#proxy = {
      settings,
      clock,
      rng,
      upstream: {
        settings,
        clock,
        deadlines: this.#deadlines,
        buffers: this.#buffers,
        dials: new DialPace(),
        http2: this.#http2,
      },
      metrics: new RequestMetrics(metrics),
      overload: this.#overload,
      current: options.current,
      log: settings.accessLog ? (entry) => this.#log.add(format.format(entry)) : undefined,
      whenKnown: (address, tell) => identity.whenKnown(address, 2000, tell),
      longLived: new LongLivedSet(options.current, onFault),
      decisions: new PolicyDecisions(metrics),
      authorizers: new AuthorizerMetrics(metrics),
      held: this.#held,
      mirrors: new WaitingMirrors(settings.pool, metrics),
      tokens: new TokenVerifier(this.#keys),
      credentials: this.#credentials,
      passwords: this.#passwords,
    };
  }

  follow(snapshot: Snapshot): void {
    if (this.#draining) return;
    for (const [key, place] of this.#places) {
      const port = snapshot.listeners.get(key);
      if (port === undefined) {
        place.listener.close();
        this.#places.delete(key);
      }
      this.#followPlace(key, place, port);
    }
    for (const [key, port] of snapshot.listeners) if (!this.#places.has(key)) this.#listen(key, port);
    if (this.#deciding.follow(snapshot)) {
      this.#proxy.decisions.forgetGone(this.#deciding);
      this.#proxy.authorizers.forgetGone(this.#deciding);
    }
    this.#keys.follow(snapshot.policies);
    this.#credentials.follow(snapshot.credentials);
    this.#proxy.longLived.follow(snapshot);
  }

  /** A connection is the Service port's that it came in on: it goes with that, and takes its time where it is given back. */
  #followPlace(key: string, place: OpenPlace, port: ServedPort | undefined): void {
    if (port?.key !== place.port) {
      for (const connection of this.#connections.of(key, place.port)) connection.drain();
    } else if (port.isReleasing && !place.isReleasing) {
      for (const connection of this.#connections.of(key, place.port)) connection.closeAfterNext();
    }
    if (port === undefined) return;
    place.port = port.key;
    place.isReleasing = port.isReleasing;
  }

  takeKeys(id: string, text: string | undefined): void {
    this.#keys.take(id, text);
  }

  leave(): void {
    this.#leaving = true;
    for (const connection of this.#connections.all()) connection.closeAfterNext();
  }

  drain(deadlineMs: number): void {
    this.#draining = true;
    for (const connection of this.#connections.all()) connection.drain();
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
    for (const { listener } of this.#places.values()) listener.close();
    this.#places.clear();
    this.#proxy.longLived.close();
    for (const connection of this.#connections.all()) connection.destroy();
    this.#log.flush();
    this.#deadlines.close();
    this.#overload.close();
  }

  setLogLevel(): void {
    // The data path logs requests alone; their level is the access log's switch.
  }

  #listen(key: string, port: ServedPort): void {
    const bind = port.listen.find((place) => place.key === key)!;
    const { emit, settings } = this.#options;
    const listener = openListener({
      address: bind.address,
      port: bind.port,
      bufferBytes: settings.limits.bufferBytes,
      buffers: this.#buffers,
      onConnection: (socket, reader) => this.#accept(key, socket, reader),
      onListening: (bound) => emit({ type: "listening", address: bind.address, port: bound }),
      onError: (error) => {
        this.#places.delete(key);
        emit({
          type: "listen-failed",
          address: bind.address,
          port: bind.port,
          reason: error.code ?? error.message,
        });
      },
    });
    this.#places.set(key, { listener, port: port.key, isReleasing: port.isReleasing });
  }

  #accept(key: string, socket: Socket, reader: SocketReader): void {
    const port = this.#options.current().listeners.get(key);
    const peerAddress = parseIp(socket.remoteAddress ?? "");
    // A port that has just left the snapshot, a peer that has just left, or too many: nothing is answered.
    if (
      port === undefined ||
      peerAddress === undefined ||
      this.#limits.take(peerAddress, this.#overload.isRefusing) !== undefined
    ) {
      socket.on("error", () => {});
      socket.resetAndDestroy();
      return;
    }
    this.#accepted.add(1);
    socket.once("close", () => this.#limits.give(peerAddress));
    const sequence = (): number => this.#options.current().sequence;
    const identity = new ClientIdentity(this.#options.identity, peerAddress, this.#isTrustedHop, sequence);
    const context: ConnectionContext = {
      proxy: this.#proxy,
      listenKey: key,
      acceptedPort: port,
      identity: () => identity.state(),
      client: (headers) => identity.view(headers),
      forwarding: () => identity.forwarding(),
      sourceKey: () => identity.key(),
    };
    if (port.protocol === "http") this.#acceptHttp(context, socket, reader, peerAddress);
    else this.#acceptTcp(context, socket, reader, peerAddress);
    this.#open.set(this.#connections.size);
  }

  #acceptHttp(context: ConnectionContext, socket: Socket, reader: SocketReader, peerAddress: string): void {
    const connection = new HttpConnection({
      context,
      http2: this.#http2,
      socket,
      reader,
      deadlines: this.#deadlines,
      held: this.#held,
      peerAddress,
      onClosed: () => this.#closed(seat),
    });
    const seat = this.#connections.add(connection, context.listenKey, context.acceptedPort);
    if (this.#leaving || this.#draining || this.#overload.isSparing || context.acceptedPort.isReleasing)
      connection.closeAfterNext();
  }

  #acceptTcp(context: ConnectionContext, socket: Socket, reader: SocketReader, peerAddress: string): void {
    const connection = new TcpConnection({
      context,
      socket,
      reader,
      peerAddress,
      held: this.#held,
      metrics: this.#tcpMetrics,
      onClosed: () => this.#closed(seat),
    });
    const seat = this.#connections.add(connection, context.listenKey, context.acceptedPort);
    connection.start();
  }

  #closed(seat: HeldSeat): void {
    this.#connections.delete(seat);
    this.#open.set(this.#connections.size);
    this.#afterClose();
  }

  #afterClose(): void {
    if (this.#connections.size === 0) this.#tellDrained?.();
  }
}

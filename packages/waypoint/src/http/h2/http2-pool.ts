/**
 * The HTTP/2 connections of one worker to one endpoint: an exchange goes on the first that has room for one more; another
 * is opened only when those that are there, or are being opened, have none, up to a limit; beyond it exchanges wait in
 * line, up to a limit. Endpoints say how many streams they take, so a connection counts once that is known.
 */
import { Deadline } from "../../listener/deadlines.ts";
import type { ReadBuffers, SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { PoolSettings } from "../../settings.ts";
import type { StatusSeries } from "../../telemetry/request-metrics.ts";
import type { ConnectFailure } from "../../upstream/connect-failure.ts";
import type { ConnectionPool } from "../../upstream/connection-pool.ts";
import type { Dialled } from "../../upstream/dial.ts";
import { ClientConnection } from "./client-connection.ts";
import type { Http2Context } from "./http2-context.ts";

/** Somebody who waits for a connection with room: told once, and is to begin an exchange on it at once. */
export interface StreamWaiter {
  /** `reused`: it served an exchange before, so its peer may be gone already. */
  onConnection(connection: ClientConnection, reused: boolean): void;
  onNoConnection(kind: ProxyErrorKind, detail: string): void;
}

export interface Http2PoolOptions {
  readonly context: Http2Context;
  readonly buffers: ReadBuffers;
  readonly limits: Pick<
    PoolSettings,
    "connectionsPerEndpoint" | "pendingPerEndpoint" | "requestsPerConnection"
  >;
  /** "address:port", for texts. */
  readonly endpointKey: string;
  /** It may not be dialled. */
  readonly isForbidden: boolean;
  readonly dial: (reader: SocketReader) => Dialled;
}

/** Until it says otherwise, an endpoint is thought to take what RFC 9113 6.5.2 recommends at least. */
const assumedStreams = 100;

interface Pooled {
  readonly deadline: Deadline;
  isConnecting: boolean;
}

export class Http2Pool implements ConnectionPool {
  readonly series = new Map<string, StatusSeries>();
  readonly #options: Http2PoolOptions;
  readonly #connections = new Map<ClientConnection, Pooled>();
  readonly #line: StreamWaiter[] = [];
  #connecting = 0;
  #isServing = false;
  #retired = false;

  constructor(options: Http2PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#connections.size;
  }

  acquire(waiter: StreamWaiter, fresh: boolean): void {
    const { isForbidden, endpointKey } = this.#options;
    if (isForbidden) return waiter.onNoConnection("forbidden-address", `${endpointKey} may not be dialled`);
    const connection = this.#line.length === 0 ? this.#pick(fresh) : undefined;
    if (connection !== undefined) return this.#give(connection, waiter);
    const { pendingPerEndpoint } = this.#options.limits;
    if (this.#line.length >= pendingPerEndpoint) {
      const detail = `${pendingPerEndpoint} requests wait for ${endpointKey}`;
      return waiter.onNoConnection("pool-overflow", detail);
    }
    this.#line.push(waiter);
    this.#openForLine();
  }

  forget(waiter: StreamWaiter): void {
    const index = this.#line.indexOf(waiter);
    if (index >= 0) this.#line.splice(index, 1);
  }

  /** The endpoint has left: what is under way finishes. */
  retire(): void {
    this.#retired = true;
    for (const [connection, { isConnecting }] of this.#connections) {
      // Who waits for it is under way too: it goes once it has served the line.
      if (!isConnecting || this.#line.length === 0) connection.retire();
    }
  }

  #pick(fresh: boolean): ClientConnection | undefined {
    for (const connection of this.#connections.keys()) {
      if (connection.capacity > 0 && !(fresh && connection.uses > 0)) return connection;
    }
    return undefined;
  }

  #give(connection: ClientConnection, waiter: StreamWaiter): void {
    this.#options.context.deadlines.clear(this.#connections.get(connection)!.deadline);
    waiter.onConnection(connection, connection.uses > 0);
    const limit = this.#options.limits.requestsPerConnection;
    if (limit > 0 && connection.uses >= limit) connection.retire();
  }

  #openForLine(): void {
    const { connectionsPerEndpoint } = this.#options.limits;
    const expected = this.#connecting * assumedStreams;
    if (this.#line.length > expected && this.#connections.size < connectionsPerEndpoint) this.#open();
  }

  #open(): void {
    const { context, buffers, dial } = this.#options;
    const connection = new ClientConnection({
      context,
      buffers,
      dial,
      onConnected: (opened) => this.#onConnected(opened),
      onCapacity: (changed) => this.#onCapacity(changed),
      onClosed: (closed, failure) => this.#onClosed(closed, failure),
    });
    const deadline = new Deadline(() => this.#onDeadline(connection), connection.socket);
    this.#connections.set(connection, { deadline, isConnecting: true });
    this.#connecting++;
    context.deadlines.set(deadline, context.timeouts.connectMs);
  }

  #onConnected(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection)!;
    this.#noLongerConnecting(pooled);
    this.#options.context.deadlines.clear(pooled.deadline);
    this.#onCapacity(connection);
    // Another connection would be told the same, and so on (CVE-2021-32780).
    if (connection.uses > 0 || connection.capacity > 0) return;
    connection.retire();
    this.#failLine("connect-failed", `${this.#options.endpointKey}: it allows no streams`);
  }

  #noLongerConnecting(pooled: Pooled): void {
    if (!pooled.isConnecting) return;
    pooled.isConnecting = false;
    this.#connecting--;
  }

  /** Those in line go first; then, where nothing is on it any more, the connection has its time to be used again. */
  #onCapacity(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    if (pooled === undefined || pooled.isConnecting) return;
    this.#serveLine(connection);
    const { deadlines, settings } = this.#options.context;
    if (this.#retired && this.#line.length === 0) connection.retire();
    else if (connection.isIdle) deadlines.set(pooled.deadline, settings.upstreamIdleMs);
    else if (this.#line.length > 0) this.#openForLine();
  }

  #serveLine(connection: ClientConnection): void {
    // An exchange may end at once, and give its room back while the line is being served.
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      while (this.#line.length > 0 && connection.capacity > 0) this.#give(connection, this.#line.shift()!);
    } finally {
      this.#isServing = false;
    }
  }

  /** While connecting: too late. While idle: kept long enough. */
  #onDeadline(connection: ClientConnection): void {
    if (this.#connections.get(connection)?.isConnecting !== true) return connection.retire();
    this.#remove(connection);
    connection.destroy();
    this.#failLine("connect-timeout", `no connection to ${this.#options.endpointKey} in time`);
  }

  #onClosed(connection: ClientConnection, failure: ConnectFailure | undefined): void {
    if (!this.#connections.has(connection)) return;
    this.#remove(connection);
    if (failure !== undefined) {
      this.#failLine(failure.kind, `${this.#options.endpointKey}: ${failure.detail}`);
    } else if (this.#line.length > 0) {
      this.#openForLine();
    }
  }

  /** Whoever is in line by now can as well be tried elsewhere. */
  #failLine(kind: ProxyErrorKind, detail: string): void {
    for (const waiter of this.#line.splice(0)) waiter.onNoConnection(kind, detail);
  }

  #remove(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    if (pooled === undefined) return;
    this.#noLongerConnecting(pooled);
    this.#options.context.deadlines.clear(pooled.deadline);
    this.#connections.delete(connection);
  }
}

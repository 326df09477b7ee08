/**
 * The HTTP/1.1 connections of one worker to one endpoint: idle ones are used again, newest first; new ones are opened up to a limit;
 * beyond it requests wait in line, up to a limit. Knows nothing of exchanges or routing.
 */
import { ClientConnection } from "../http/h1/client-connection.ts";
import { Deadline } from "../listener/deadlines.ts";
import type { Endpoint } from "../store/snapshot.ts";
import type { StatusSeries } from "../telemetry/request-metrics.ts";
import type { ConnectFailure } from "./connect-failure.ts";
import type { ConnectionPool, ConnectionWaiter } from "./connection-pool.ts";
import { dialEndpoint } from "./dial.ts";
import { isForbiddenAddress } from "./forbidden-address.ts";
import type { UpstreamContext } from "./upstream-context.ts";

interface Pooled {
  readonly deadline: Deadline;
  /** Who asked for it to be opened; undefined once told. */
  waiter: ConnectionWaiter | undefined;
  isTunnel: boolean;
}

export class Pool implements ConnectionPool {
  readonly series = new Map<string, StatusSeries>();
  readonly #endpoint: Endpoint;
  readonly #context: UpstreamContext;
  readonly #isForbidden: boolean;
  readonly #idle: ClientConnection[] = [];
  readonly #connections = new Map<ClientConnection, Pooled>();
  readonly #line: ConnectionWaiter[] = [];
  /** Of the connections. They are not counted against the limit: who holds many would leave none to requests. */
  #tunnels = 0;
  #retired = false;

  constructor(endpoint: Endpoint, context: UpstreamContext) {
    this.#endpoint = endpoint;
    this.#context = context;
    this.#isForbidden = isForbiddenAddress(endpoint.address, endpoint.port, context.settings);
  }

  get size(): number {
    return this.#connections.size;
  }

  acquire(waiter: ConnectionWaiter, fresh: boolean): void {
    if (this.#isForbidden) {
      waiter.onNoConnection("forbidden-address", `${this.#endpoint.key} may not be dialled`);
      return;
    }
    const idle = fresh ? undefined : this.#takeIdle();
    if (idle !== undefined) return waiter.onConnection(idle, true);
    const { connectionsPerEndpoint, pendingPerEndpoint } = this.#context.settings.pool;
    if (this.#connections.size - this.#tunnels < connectionsPerEndpoint) return this.#open(waiter);
    if (this.#line.length < pendingPerEndpoint) this.#line.push(waiter);
    else
      waiter.onNoConnection("pool-overflow", `${pendingPerEndpoint} requests wait for ${this.#endpoint.key}`);
  }

  forget(waiter: ConnectionWaiter): void {
    const index = this.#line.indexOf(waiter);
    if (index >= 0) this.#line.splice(index, 1);
    for (const pooled of this.#connections.values()) if (pooled.waiter === waiter) pooled.waiter = undefined;
  }

  retire(): void {
    this.#retired = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  #takeIdle(): ClientConnection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      this.#context.deadlines.clear(this.#connections.get(connection)!.deadline);
      if (connection.isIdle) return connection;
    }
    return undefined;
  }

  #open(waiter: ConnectionWaiter): void {
    const { settings, deadlines, buffers } = this.#context;
    const connection = new ClientConnection({
      dial: (reader) => dialEndpoint(this.#endpoint, "http/1.1", reader, this.#context.clock),
      limits: settings.limits,
      buffers,
      onConnected: (opened) => this.#onConnected(opened),
      onIdle: (freed) => this.#onIdle(freed),
      onTunnel: (opened) => this.#onTunnel(opened),
      onFinishing: (ending) => this.#onFinishing(ending),
      onClosed: (closed, failure) => this.#onClosed(closed, failure),
    });
    const deadline = new Deadline(() => this.#onDeadline(connection));
    this.#connections.set(connection, { deadline, waiter, isTunnel: false });
    deadlines.set(deadline, settings.timeouts.connectMs);
  }

  #onConnected(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection)!;
    this.#context.deadlines.clear(pooled.deadline);
    const { waiter } = pooled;
    pooled.waiter = undefined;
    if (waiter === undefined) this.#onIdle(connection);
    else waiter.onConnection(connection, false);
  }

  #onTunnel(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    if (pooled === undefined) return;
    pooled.isTunnel = true;
    this.#tunnels++;
    this.#openForNext();
  }

  /** Room for one more: who waited in line gets a connection of its own. */
  #openForNext(): void {
    const next = this.#line.shift();
    if (next !== undefined) this.acquire(next, true);
  }

  #onFinishing(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    if (pooled === undefined) return;
    this.#context.deadlines.set(pooled.deadline, this.#context.settings.timeouts.streamIdleMs);
  }

  /** While connecting: too late. While idle: kept long enough. While finishing: its peer reads no more. */
  #onDeadline(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    const waiter = pooled?.waiter;
    if (pooled !== undefined) pooled.waiter = undefined;
    this.#remove(connection);
    connection.destroy();
    waiter?.onNoConnection("connect-timeout", `no connection to ${this.#endpoint.key} in time`);
  }

  #onIdle(connection: ClientConnection): void {
    const { pool } = this.#context.settings;
    const worn = pool.requestsPerConnection > 0 && connection.uses >= pool.requestsPerConnection;
    if (this.#retired || worn) return connection.destroy();
    const waiter = this.#line.shift();
    if (waiter !== undefined) return waiter.onConnection(connection, connection.uses > 0);
    if (this.#idle.length >= pool.idlePerEndpoint || connection.peerKeepsMs === 0)
      return connection.destroy();
    this.#idle.push(connection);
    const keepMs = Math.min(pool.idleMs, connection.peerKeepsMs ?? pool.idleMs);
    this.#context.deadlines.set(this.#connections.get(connection)!.deadline, keepMs);
  }

  #onClosed(connection: ClientConnection, failure: ConnectFailure | undefined): void {
    const waiter = this.#connections.get(connection)?.waiter;
    this.#remove(connection);
    if (failure !== undefined)
      waiter?.onNoConnection(failure.kind, `${this.#endpoint.key}: ${failure.detail}`);
    this.#openForNext();
  }

  #remove(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    if (pooled === undefined) return;
    this.#context.deadlines.clear(pooled.deadline);
    this.#connections.delete(connection);
    if (pooled.isTunnel) this.#tunnels--;
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}

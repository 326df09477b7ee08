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

/**
 * How long a connection whose endpoint may send more than its last answer has to be silent before it serves again (RFC 9112 9.3:
 * only their order says which answer is whose). Bytes that come in this time close it. A segment on its way within a cluster
 * takes a hundredth of it; what comes later still finds a connection that is idle, or is the race that HTTP/1.1 leaves to everybody.
 */
const doubtMs = 100;

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
  /** They are watched for bytes beyond their last answer; oldest first. */
  readonly #resting = new Set<ClientConnection>();
  /** In this turn. */
  readonly #freed: ClientConnection[] = [];
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
    const { pendingPerEndpoint } = this.#context.settings.pool;
    if (this.#hasRoom() || this.#dropResting()) return this.#open(waiter);
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
    for (const connection of [...this.#idle.splice(0), ...this.#resting]) connection.destroy();
  }

  #hasRoom(): boolean {
    return this.#connections.size - this.#tunnels < this.#context.settings.pool.connectionsPerEndpoint;
  }

  /** Nobody waits for one to have rested: a new one is surely silent. */
  #dropResting(): boolean {
    for (const connection of this.#resting) {
      this.#remove(connection);
      connection.destroy();
      return true;
    }
    return false;
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
      dial: (reader) => dialEndpoint(this.#endpoint, "http/1.1", reader, this.#context),
      limits: settings.limits,
      buffers,
      onConnected: (opened) => this.#onConnected(opened),
      onIdle: (freed) => this.#onFreed(freed),
      onTunnel: (opened) => this.#onTunnel(opened),
      onFinishing: (ending) => this.#onFinishing(ending),
      onClosed: (closed, failure) => this.#onClosed(closed, failure),
    });
    const deadline = new Deadline(() => this.#onDeadline(connection), connection);
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

  /** Where there is room for one more, who waited in line gets a connection of its own. */
  #openForNext(): void {
    if (!this.#hasRoom()) return;
    const next = this.#line.shift();
    if (next !== undefined) this.acquire(next, true);
  }

  #onFinishing(connection: ClientConnection): void {
    const pooled = this.#connections.get(connection);
    if (pooled === undefined) return;
    this.#context.deadlines.set(pooled.deadline, this.#context.settings.timeouts.streamIdleMs);
  }

  /** While connecting: too late. While idle: kept long enough. While finishing: its peer reads no more. Else it has rested. */
  #onDeadline(connection: ClientConnection): void {
    if (this.#resting.delete(connection)) {
      connection.isInDoubt = false;
      if (connection.isIdle) this.#onIdle(connection);
      return;
    }
    const pooled = this.#connections.get(connection);
    const waiter = pooled?.waiter;
    if (pooled !== undefined) pooled.waiter = undefined;
    this.#remove(connection);
    connection.destroy();
    waiter?.onNoConnection("connect-timeout", `no connection to ${this.#endpoint.key} in time`);
  }

  /** Where the next piece of the same read may be more than the answer, it is seen before anybody else is served. */
  #onFreed(connection: ClientConnection): void {
    if (!connection.tellsInPieces) this.#onIdle(connection);
    else if (this.#freed.push(connection) === 1) setImmediate(() => this.#offerFreed());
  }

  #offerFreed(): void {
    for (const connection of this.#freed.splice(0)) if (connection.isIdle) this.#onIdle(connection);
  }

  #onIdle(connection: ClientConnection): void {
    const { pool } = this.#context.settings;
    const worn = pool.requestsPerConnection > 0 && connection.uses >= pool.requestsPerConnection;
    if (this.#retired || worn) return connection.destroy();
    if (connection.isInDoubt) return this.#rest(connection);
    const waiter = this.#line.shift();
    if (waiter !== undefined) return waiter.onConnection(connection, connection.uses > 0);
    if (this.#idle.length >= pool.idlePerEndpoint || connection.peerKeepsMs === 0)
      return connection.destroy();
    this.#idle.push(connection);
    const keepMs = Math.min(pool.idleMs, connection.peerKeepsMs ?? pool.idleMs);
    this.#context.deadlines.set(this.#connections.get(connection)!.deadline, keepMs);
  }

  #rest(connection: ClientConnection): void {
    this.#resting.add(connection);
    this.#context.deadlines.set(this.#connections.get(connection)!.deadline, doubtMs);
    if (this.#line.length > 0 && this.#dropResting()) this.#openForNext();
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
    this.#resting.delete(connection);
    if (pooled.isTunnel) this.#tunnels--;
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}

/**
 * A client's connection on a port that is not HTTP, one line per phase: who the client is, where consumer routes or
 * policies depend on it; whether policies let it through; the server name, where a TLSRoute asks for it; the route; the
 * backend, by weight, once. Then tcp-tunnel.ts passes it on. While it is open it is asked again whenever its port's
 * configuration changes (proxy/long-lived.ts).
 */
import type { Socket } from "node:net";
import { pickWeighted } from "@waystone/engine/balance/weighted";
import type { Program } from "@waystone/engine/authorization/program";
import type { RouteRule } from "@waystone/engine/route/route";
import type { HeldBytes } from "../http/held-bytes.ts";
import type { ConnectionContext } from "../proxy/connection-context.ts";
import type { Objection } from "../proxy/authorize.ts";
import { objectionToConnection, whenConnectionJudged } from "../proxy/authorize-connection.ts";
import type { LongLived, LongLivedSeat } from "../proxy/long-lived.ts";
import { connectionTable, leadsTo, servedPort } from "../proxy/match-route.ts";
import type { Backend, ServedPort, Snapshot } from "../store/snapshot.ts";
import type { TcpMetrics } from "../telemetry/tcp-metrics.ts";
import type { HeldConnection } from "./connection-set.ts";
import { HelloWait } from "./hello-wait.ts";
import type { SocketReader } from "./socket-reader.ts";
import { TcpTunnel } from "./tcp-tunnel.ts";
import { countOpened, logTunnel } from "./tunnel-report.ts";

export interface TcpConnectionOptions {
  readonly context: ConnectionContext;
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly peerAddress: string;
  readonly held: HeldBytes;
  readonly metrics: TcpMetrics;
  /** Once; may come before start() returns. */
  readonly onClosed: () => void;
}

const nothing = Buffer.alloc(0);

/** Fatal, unrecognized_name (RFC 6066 3, RFC 8446 6): a client that is told so can tell its user. */
const unrecognizedName = Buffer.from("15030300020270", "hex");

export class TcpConnection implements LongLived, HeldConnection {
  readonly #options: TcpConnectionOptions;
  readonly #tunnel: TcpTunnel;
  #hello: HelloWait | undefined = undefined;
  /** Undefined: nobody looked. */
  #serverName: string | undefined = undefined;
  #rule: RouteRule | undefined = undefined;
  #backend: Backend | undefined = undefined;
  /** By policies, where it leads to as well as here. */
  #isJudged = false;
  #isOver = false;
  #seat: LongLivedSeat | undefined = undefined;

  constructor(options: TcpConnectionOptions) {
    this.#options = options;
    const { context, socket, reader, metrics, peerAddress } = options;
    const peer = `${peerAddress}:${socket.remotePort}`;
    this.#tunnel = new TcpTunnel({
      context,
      socket,
      reader,
      onOpened: (backend, endpoint) => countOpened(context, metrics, backend, endpoint),
      onClosed: (report) => {
        this.#end();
        const route = { serverName: this.#serverName ?? "", rule: this.#rule?.label ?? "" };
        try {
          logTunnel(context, metrics, peer, route, report);
        } finally {
          options.onClosed();
        }
      },
    });
  }

  get listenKey(): string {
    return this.#options.context.listenKey;
  }

  /** May be over before it returns. */
  start(): void {
    const { context } = this.#options;
    this.#seat = context.proxy.longLived.add(this);
    this.#judge(
      (snapshot) => servedPort(context, snapshot)?.policies?.program,
      () => this.#identify(),
    );
  }

  #judge(programOf: (snapshot: Snapshot) => Program | undefined, goOn: () => void): void {
    whenConnectionJudged(this.#options.context, programOf, (objection) => {
      if (this.#isOver) return;
      if (objection === undefined) goOn();
      else this.#tunnel.close(objection.kind, objection.detail);
    });
  }

  #identify(): void {
    const { context, peerAddress } = this.#options;
    if (context.acceptedPort.consumerConnectionRoutes.size === 0 || context.identity()?.known === true) {
      return this.#look();
    }
    context.proxy.whenKnown(peerAddress, () => {
      if (!this.#isOver) this.#look();
    });
  }

  /** It knows of no requests: it ends when one of its sides does. */
  drain(): void {}

  closeAfterNext(): void {}

  destroy(): void {
    this.#tunnel.close("draining", "");
  }

  recheck(snapshot: Snapshot): void {
    const port = servedPort(this.#options.context, snapshot);
    if (port === undefined) return this.#tunnel.close("not-served", "the Service's port has gone");
    if (port.protocol !== "tcp") return this.#tunnel.close("not-served", "the Service's port is HTTP now");
    // One that is not decided about yet will be by the snapshot of that time.
    const objection = this.#backend === undefined ? undefined : this.#objection(port, this.#backend);
    if (objection !== undefined) return this.#tunnel.close("no-route", objection);
    const denial = this.#isJudged ? this.#denial(port) : undefined;
    if (denial !== undefined) this.#tunnel.close(denial.kind, denial.detail);
  }

  #denial(port: ServedPort): Objection | undefined {
    const { context } = this.#options;
    const elsewhere = this.#backend?.key === port.key ? undefined : this.#backend?.program;
    return (
      objectionToConnection(context, port.policies?.program, false) ??
      objectionToConnection(context, elsewhere, false)
    );
  }

  /** Only a port with a TLSRoute is looked into: on others the server may be who speaks first. */
  #look(): void {
    const { context, socket, reader, held } = this.#options;
    const { proxy } = context;
    const port = servedPort(context, proxy.current());
    if (port === undefined) return this.#tunnel.close("not-served", "the Service's port has gone");
    if (connectionTable(context, port)?.readsServerName !== true) return this.#route(port, nothing);
    this.#hello = new HelloWait({
      socket,
      reader,
      deadlines: proxy.upstream.deadlines,
      timeoutMs: proxy.settings.timeouts.helloMs,
      held,
      onHello: (serverName, received) => this.#routeNamed(serverName, received),
      onRefused: (kind, detail) => this.#tunnel.close(kind, detail),
    });
  }

  #routeNamed(serverName: string, received: Buffer): void {
    this.#serverName = serverName;
    const { context } = this.#options;
    const port = servedPort(context, context.proxy.current());
    if (port === undefined) this.#tunnel.close("not-served", "the Service's port has gone");
    else this.#route(port, received);
  }

  #route(port: ServedPort, received: Buffer): void {
    const { context, socket } = this.#options;
    const table = connectionTable(context, port);
    if (table === undefined) return this.#open(port.backend, received);
    this.#rule = table.match(this.#serverName ?? "");
    if (this.#rule === undefined) {
      socket.write(unrecognizedName);
      return this.#tunnel.close("no-route", "no route takes the server name", "end");
    }
    this.#pick(this.#rule, received);
  }

  /** Once for the connection; a share that leads nowhere is reset, as requests of it would get 500. */
  #pick(rule: RouteRule, received: Buffer): void {
    const { proxy } = this.#options.context;
    const served = proxy.current().rules.get(rule);
    const index = pickWeighted(served?.cumulativeWeights ?? [], proxy.rng);
    const backend = served?.backends[index];
    if (backend !== undefined) return this.#open(backend, received);
    this.#tunnel.close("no-valid-backend", rule.backends[index]?.invalid ?? "no backend has a weight");
  }

  #open(backend: Backend, received: Buffer): void {
    const { context } = this.#options;
    const isElsewhere = backend.key !== context.acceptedPort.key;
    this.#judge(
      () => (isElsewhere ? backend.program : undefined),
      () => {
        this.#isJudged = true;
        this.#backend = backend;
        // What it waited for may have taken long enough for routes and policies to change.
        this.recheck(context.proxy.current());
        if (!this.#isOver) this.#tunnel.open(backend, received);
      },
    );
  }

  /** Why it would not be passed on to where it leads. */
  #objection(port: ServedPort, { key }: Backend): string | undefined {
    const gone = `no route leads to ${key} any more`;
    const table = connectionTable(this.#options.context, port);
    if (table === undefined) return key === port.backend.key ? undefined : gone;
    // A name that nobody looked at may be any: it stays where one of the names leads there.
    if (this.#serverName === undefined && table.readsServerName) {
      return table.entries().some(({ rule }) => leadsTo(rule, key)) ? undefined : gone;
    }
    const rule = table.match(this.#serverName ?? "");
    if (rule === undefined) return "no route takes the server name any more";
    return leadsTo(rule, key) ? undefined : gone;
  }

  #end(): void {
    this.#isOver = true;
    this.#hello?.stop();
    if (this.#seat !== undefined) this.#options.context.proxy.longLived.delete(this.#seat);
  }
}

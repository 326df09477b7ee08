/**
 * Open-loop load: requests leave at a fixed rate whatever the answers do, on as many kept-alive connections as that takes, so
 * that a proxy which stalls is charged for everyone who waits (no coordinated omission). Debian's h2load sends its requests
 * in bursts of one per connection every 10 ms, which measures the burst.
 */
import net from "node:net";

export interface OpenLoopLoad {
  readonly host: string;
  readonly port: number;
  readonly target: string;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface OpenLoopResult {
  /** Sorted, in microseconds. */
  readonly latenciesUs: Float64Array;
  readonly errors: number;
}

const tickMs = 1;
const warmConnections = 16;

export async function runOpenLoop(load: OpenLoopLoad): Promise<OpenLoopResult> {
  const wire = `GET ${load.target} HTTP/1.1\r\nHost: bench.test\r\n\r\n`;
  const total = Math.round(load.perSecond * load.seconds);
  const latencies: number[] = [];
  const idle: Connection[] = [];
  const all: Connection[] = [];
  let errors = 0;
  let sent = 0;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const onAnswer = (connection: Connection, latencyUs: number | undefined): void => {
    if (latencyUs === undefined) errors += 1;
    else {
      latencies.push(latencyUs);
      idle.push(connection);
    }
    if (latencies.length + errors >= total) resolve();
  };
  const open = (): Connection => {
    const connection = new Connection(load, onAnswer);
    all.push(connection);
    return connection;
  };
  for (let at = 0; at < warmConnections; at += 1) idle.push(open());
  await Promise.all(all.map(async (each) => await each.connected));
  const start = performance.now();
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * load.perSecond));
    for (; sent < due; sent += 1) (idle.shift() ?? open()).ask(wire);
    if (sent === total) clearInterval(timer);
  }, tickMs);
  await done;
  for (const connection of all) connection.close();
  return { latenciesUs: Float64Array.from(latencies).sort(), errors };
}

/** Answers here are small and come with Content-Length: the end of the body is counted, not parsed. */
class Connection {
  readonly connected: Promise<void>;
  readonly #socket: net.Socket;
  readonly #onAnswer: (connection: Connection, latencyUs: number | undefined) => void;
  #askedAt: number | undefined;
  #text = "";

  constructor(load: OpenLoopLoad, onAnswer: (connection: Connection, latencyUs: number | undefined) => void) {
    this.#onAnswer = onAnswer;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.connected = promise;
    this.#socket = net.connect({ host: load.host, port: load.port, noDelay: true }, resolve);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#read(text));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => this.#finish(undefined));
  }

  ask(wire: string): void {
    this.#askedAt = performance.now();
    this.#socket.write(wire, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    const head = this.#text.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#text.slice(0, head + 2))?.[1];
    if (this.#text.length < head + 4 + Number(length ?? 0)) return;
    const isOk = this.#text.startsWith("HTTP/1.1 200");
    this.#text = "";
    const askedAt = this.#askedAt ?? 0;
    this.#finish(isOk ? (performance.now() - askedAt) * 1000 : undefined);
  }

  #finish(latencyUs: number | undefined): void {
    if (this.#askedAt === undefined) return;
    this.#askedAt = undefined;
    this.#onAnswer(this, latencyUs);
  }
}

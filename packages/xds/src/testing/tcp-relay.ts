/** For tests: stands between a waypoint and a controller, counts bytes, and plays a network that fails. */
import { connect, createServer, type Socket } from "node:net";

export class TcpRelay {
  toClient = 0;
  connections = 0;
  isFrozen = false;
  readonly address: string;
  readonly #sockets: Set<Socket>;
  readonly #close: () => Promise<void>;

  private constructor(address: string, sockets: Set<Socket>, close: () => Promise<void>) {
    this.address = address;
    this.#sockets = sockets;
    this.#close = close;
  }

  static async open(target: string): Promise<TcpRelay> {
    const sockets = new Set<Socket>();
    const server = createServer((downstream) => relay.#join(downstream, target));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("not bound");
    const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
    const relay = new TcpRelay(`127.0.0.1:${bound.port}`, sockets, close);
    return relay;
  }

  /** Breaks all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = this.#close();
    this.cut();
    await closed;
  }

  #join(downstream: Socket, target: string): void {
    this.connections++;
    const [host, port] = target.split(":");
    const upstream = connect(Number(port), host);
    for (const [from, to] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (chunk: Buffer) => {
        if (this.isFrozen) return;
        if (from === upstream) this.toClient += chunk.length;
        to.write(chunk);
      });
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        if (!this.isFrozen) to.destroy();
      });
    }
  }
}

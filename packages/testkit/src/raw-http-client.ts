/**
 * A TCP client for tests that says exactly what it is told, in the pieces it is told, and reports exactly what came back:
 * bytes, responses, and how the connection ended. It never closes its side by itself (half-close stays possible).
 */
import net from "node:net";
import { MessageError } from "./read-head.ts";
import { type ReadResponse, readResponse } from "./read-message.ts";
import { within } from "./within.ts";

export type Bytes = string | Uint8Array;

/** "open" until the peer's FIN ("ended") or RST ("reset"). */
export type PeerState = "open" | "ended" | "reset";

export type Delivery = "whole" | "byte-by-byte" | { readonly splitAt: number };

export interface RawClientOptions {
  readonly port: number;
  readonly host?: string;
  /** The address that the connection comes from, where the identity of the client matters. */
  readonly localAddress?: string;
  /** For every wait of this client once it is connected. */
  readonly deadlineMs?: number;
}

export class RawClient {
  readonly socket: net.Socket;
  readonly #deadlineMs: number;
  /** Grows by doubling: to join all that came for each piece more took minutes for 50 MB. */
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  #consumed = 0;
  #state: PeerState = "open";
  #wake: () => void = () => {};

  constructor(socket: net.Socket, deadlineMs: number) {
    this.socket = socket;
    this.#deadlineMs = deadlineMs;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#keep(chunk);
      this.#wake();
    });
    socket.on("end", () => this.#peerBecame("ended"));
    socket.on("error", () => this.#peerBecame("reset"));
    socket.on("close", () => this.#peerBecame("ended"));
  }

  /** All bytes that came, from the first. */
  get received(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #keep(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, length));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  get peerState(): PeerState {
    return this.#state;
  }

  /** Writes, and returns when the pieces are on their way. A peer that has gone does not make this fail. */
  async send(bytes: Bytes, delivery: Delivery = "whole"): Promise<void> {
    for (const piece of cutBytes(toBuffer(bytes), delivery)) {
      if (this.socket.destroyed) return;
      this.socket.write(piece);
      // A turn of the event loop and no Nagle: pieces written in one turn would share a segment.
      if (delivery !== "whole") await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Sends FIN; reading goes on. */
  halfClose(): void {
    this.socket.end();
  }

  /** Sends RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }

  /** The next response that is not yet taken, 1xx included. `method`: of the request that it answers. */
  async readResponse(method = "GET"): Promise<ReadResponse> {
    let found: ReadResponse | undefined;
    await this.#waitFor(`a response to ${method}`, () => {
      const context = { method, start: this.#consumed, ended: this.#state !== "open" };
      found = readResponse(this.received, context);
      return found !== undefined;
    });
    if (found === undefined) throw new MessageError(`connection ${this.#state}, got ${this.#leftOver()}`);
    this.#consumed += found.raw.length;
    return found;
  }

  /** As readResponse, or undefined when the peer ends the connection with no byte more. */
  async readResponseOrEnd(method = "GET"): Promise<ReadResponse | undefined> {
    await this.#waitFor("a byte or the end", () => this.received.length > this.#consumed);
    if (this.received.length === this.#consumed) return undefined;
    return await this.readResponse(method);
  }

  /** Waits for at least `count` bytes in all. */
  async readBytes(count: number): Promise<Buffer> {
    await this.#waitFor(`${count} bytes`, () => this.received.length >= count);
    return this.received;
  }

  /** Waits for the peer's FIN or RST. */
  async readUntilEnd(): Promise<{ readonly bytes: Buffer; readonly state: PeerState }> {
    await this.#waitFor("the peer to end the connection", () => false);
    return { bytes: this.received, state: this.#state };
  }

  async #waitFor(what: string, isDone: () => boolean): Promise<void> {
    const end = performance.now() + this.#deadlineMs;
    while (!isDone() && this.#state === "open") {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const left = Math.max(1, Math.ceil(end - performance.now()));
      await within(promise, `${what} (so far ${this.#leftOver()})`, left);
    }
  }

  #peerBecame(state: PeerState): void {
    // The first news counts: a close follows an end and a reset alike.
    if (this.#state === "open" || state === "reset") this.#state = state;
    this.#wake();
  }

  #leftOver(): string {
    return JSON.stringify(this.received.toString("latin1", this.#consumed, this.#consumed + 200));
  }
}

export async function openRawClient(options: RawClientOptions): Promise<RawClient> {
  const deadlineMs = options.deadlineMs ?? 40_000;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { port, host = "127.0.0.1", localAddress } = options;
  const from = localAddress === undefined ? {} : { localAddress };
  const socket = net.connect({ port, host, allowHalfOpen: true, ...from });
  socket.once("connect", resolve);
  socket.once("error", reject);
  await within(promise, `a connection to ${host}:${port}`);
  socket.off("error", reject);
  return new RawClient(socket, deadlineMs);
}

export function toBuffer(bytes: Bytes): Buffer {
  return typeof bytes === "string" ? Buffer.from(bytes, "latin1") : Buffer.from(bytes);
}

function cutBytes(bytes: Buffer, delivery: Delivery): readonly Buffer[] {
  if (delivery === "whole") return [bytes];
  if (delivery === "byte-by-byte") return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  const { splitAt } = delivery;
  return [bytes.subarray(0, splitAt), bytes.subarray(splitAt)].filter((piece) => piece.length > 0);
}

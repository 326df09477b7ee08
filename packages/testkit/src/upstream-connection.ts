/** One connection of the recording upstream: what came, how it ended, and the levers that a test pulls. */
import type net from "node:net";
import { type Bytes, type PeerState, toBuffer } from "./raw-http-client.ts";
import type { AnswerRequest } from "./recording-upstream.ts";
import { MessageError } from "./read-head.ts";
import { type ReadRequest, readRequest } from "./read-message.ts";
import { until } from "./within.ts";

export class UpstreamConnection {
  readonly socket: net.Socket;
  readonly requests: ReadRequest[] = [];
  /** Why the bytes stopped being requests, if they did: they are recorded further, and no longer answered. */
  error: MessageError | undefined;
  readonly #answer: AnswerRequest | undefined;
  #chunks: Buffer[] = [];
  #consumed = 0;
  #state: PeerState = "open";
  #answering: Promise<void> = Promise.resolve();

  constructor(socket: net.Socket, answer: AnswerRequest | undefined) {
    this.socket = socket;
    this.#answer = answer;
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      if (answer !== undefined) this.#readRequests();
    });
    socket.on("end", () => this.#peerBecame("ended"));
    socket.on("error", () => this.#peerBecame("reset"));
    socket.on("close", () => this.#peerBecame("ended"));
  }

  /** The exact bytes that came. */
  get bytes(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  get peerState(): PeerState {
    return this.#state;
  }

  write(bytes: Bytes): void {
    if (!this.socket.destroyed) this.socket.write(toBuffer(bytes));
  }

  /** Sends FIN, after bytes if given; reading goes on. */
  halfClose(bytes: Bytes = ""): void {
    this.socket.end(toBuffer(bytes));
  }

  /** Sends RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Stops reading: the peer's writes back up. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  destroy(): void {
    this.socket.destroy();
  }

  async untilBytes(count: number): Promise<Buffer> {
    await until(() => this.bytes.length >= count, `upstream has ${count} bytes`);
    return this.bytes;
  }

  async untilEnd(): Promise<PeerState> {
    await until(() => this.#state !== "open", "the proxy ends the upstream connection");
    return this.#state;
  }

  #readRequests(): void {
    while (this.error === undefined && this.#consumed < this.bytes.length) {
      const request = this.#readOne();
      if (request === undefined) return;
      this.#consumed += request.raw.length;
      this.requests.push(request);
      // One after the other, so that pipelined requests are answered in their order even when an answer is late.
      this.#answering = this.#answering.then(async () => await this.#answerOne(request));
    }
  }

  #readOne(): ReadRequest | undefined {
    try {
      return readRequest(this.bytes, this.#consumed);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.error = error;
      return undefined;
    }
  }

  async #answerOne(request: ReadRequest): Promise<void> {
    const bytes = await this.#answer?.(request, this);
    if (bytes !== undefined) this.write(bytes);
  }

  #peerBecame(state: PeerState): void {
    if (this.#state === "open" || state === "reset") this.#state = state;
  }
}

/**
 * Waits for a TLS client's ClientHello, for as long and as large as an honest one may be (tls/client-hello-reader.ts), and
 * gives back what came, untouched. The client is held back as soon as it has said enough.
 */
import type { Socket } from "node:net";
import type { HeldBytes } from "../http/held-bytes.ts";
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import { ClientHelloReader, type HelloState } from "../tls/client-hello-reader.ts";
import { Deadline, type Deadlines } from "./deadlines.ts";
import type { BytesTarget, SocketReader } from "./socket-reader.ts";

export interface HelloWaitOptions {
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly deadlines: Deadlines;
  readonly timeoutMs: number;
  /** Of the worker, which this one counts in. */
  readonly held: HeldBytes;
  /** Once, unless it is stopped: the client is paused. `received`: every byte that came. */
  readonly onHello: (serverName: string, received: Buffer) => void;
  readonly onRefused: (kind: ProxyErrorKind, detail: string) => void;
}

export class HelloWait implements BytesTarget {
  readonly #options: HelloWaitOptions;
  readonly #hello = new ClientHelloReader();
  readonly #deadline: Deadline;
  #counted = 0;
  #isOver = false;

  constructor(options: HelloWaitOptions) {
    this.#options = options;
    this.#deadline = new Deadline(
      () => this.#refuse("request-timeout", "no whole ClientHello in time"),
      options.socket,
    );
    options.deadlines.set(this.#deadline, options.timeoutMs);
    options.reader.target = this;
    options.socket.resume();
  }

  onBytes(bytes: Buffer, length: number): "used" {
    if (!this.#isOver) this.#add(bytes.subarray(0, length));
    return "used";
  }

  /** The connection is over, or the hello is there. */
  stop(): void {
    this.#isOver = true;
    this.#options.deadlines.clear(this.#deadline);
    this.#count(0);
  }

  #add(bytes: Uint8Array): void {
    const state: HelloState = this.#hello.add(bytes);
    switch (state.type) {
      case "more":
        this.#count(this.#hello.received.length);
        if (this.#options.held.isOver) this.#refuse("overloaded", "too many ClientHellos are not whole");
        return;
      case "hello":
        this.stop();
        this.#options.socket.pause();
        return this.#options.onHello(state.serverName, this.#hello.received);
      case "refused":
        return this.#refuse("bad-hello", state.reason);
    }
  }

  #refuse(kind: ProxyErrorKind, detail: string): void {
    this.stop();
    this.#options.onRefused(kind, detail);
  }

  #count(bytes: number): void {
    this.#options.held.add(bytes - this.#counted);
    this.#counted = bytes;
  }
}

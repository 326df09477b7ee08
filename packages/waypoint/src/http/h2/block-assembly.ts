/**
 * A header block that comes in more frames than one (RFC 9113 4.3, 6.2, 6.10), kept up to a limit (reference D02), and up to
 * another of all connections together, who use the same memory one after another.
 */
import type { HeldBytes } from "../held-bytes.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";

export class BlockAssembly {
  streamId = 0;
  endStream = false;
  readonly #limitBytes: number;
  readonly #held: HeldBytes;
  #memory: Buffer = none;
  #length = 0;

  constructor(limitBytes: number, held: HeldBytes) {
    this.#limitBytes = limitBytes;
    this.#held = held;
  }

  begin(streamId: number, endStream: boolean): void {
    this.streamId = streamId;
    this.endStream = endStream;
  }

  add(bytes: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (needed > this.#limitBytes) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "a header block without end");
    }
    if (needed > this.#memory.length) this.#grow(Math.max(512, needed, 2 * this.#length));
    bytes.copy(this.#memory, this.#length, start, end);
    this.#length = needed;
    if (this.#held.isOver) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "too many header blocks are not whole");
    }
  }

  #grow(bytes: number): void {
    const grown = this.#held.take(bytes);
    this.#memory.copy(grown, 0, 0, this.#length);
    if (this.#memory !== none) this.#held.give(this.#memory);
    this.#memory = grown;
  }

  /** The whole block, until it is dropped. */
  view(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  /** It has been read, or its rest will not come. */
  drop(): void {
    if (this.#memory !== none) this.#held.give(this.#memory);
    this.#memory = none;
    this.#length = 0;
  }
}

const none = Buffer.alloc(0);

/** Bytes kept because their message is not whole yet (or not its turn): grows by doubling, gives its memory back. */
import type { HeldBytes } from "../held-bytes.ts";

export class HeadBuffer {
  readonly #held: HeldBytes | undefined;
  #bytes: Buffer | undefined;
  #length = 0;

  /** `held`: counts the memory of all of them together. */
  constructor(held?: HeldBytes) {
    this.#held = held;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a copy of bytes[start, end). */
  add(bytes: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (this.#bytes === undefined || this.#bytes.length < needed) {
      const grown = Buffer.allocUnsafeSlow(Math.max(512, needed, 2 * this.#length));
      this.#bytes?.copy(grown, 0, 0, this.#length);
      this.#held?.add(grown.length - (this.#bytes?.length ?? 0));
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#length, start, end);
    this.#length = needed;
  }

  /** What is kept, not copied; stays the buffer's own. */
  view(): Buffer {
    return this.#bytes === undefined ? empty : this.#bytes.subarray(0, this.#length);
  }

  /** Empties the buffer and hands its content over. */
  take(): Buffer {
    const bytes = this.view();
    if (this.#bytes !== undefined) this.#held?.add(-this.#bytes.length);
    this.#bytes = undefined;
    this.#length = 0;
    return bytes;
  }
}

const empty = Buffer.alloc(0);

/** Bytes kept because their message is not whole yet (or not its turn): grows by doubling, gives its memory back. */

export class HeadBuffer {
  #bytes: Buffer | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds a copy of bytes[start, end). */
  add(bytes: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (this.#bytes === undefined || this.#bytes.length < needed) {
      const grown = Buffer.allocUnsafeSlow(Math.max(512, needed, 2 * this.#length));
      this.#bytes?.copy(grown, 0, 0, this.#length);
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
    this.#bytes = undefined;
    this.#length = 0;
    return bytes;
  }
}

const empty = Buffer.alloc(0);

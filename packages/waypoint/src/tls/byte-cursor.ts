/** Reads numbers and vectors of TLS's presentation language (RFC 8446 3) from bytes, and never beyond their end. */

/** A length says more than there is. */
export class TooShortError extends Error {
  override readonly name = "TooShortError";
}

export class ByteCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** uint8 */
  byte(): number {
    this.skip(1);
    return this.#bytes[this.#at - 1]!;
  }

  /** uint16 */
  short(): number {
    return this.byte() * 256 + this.byte();
  }

  skip(count: number): void {
    if (count > this.#bytes.length - this.#at) throw new TooShortError();
    this.#at += count;
  }

  /** The next `count` bytes, to be read apart. */
  part(count: number): ByteCursor {
    return new ByteCursor(this.#take(count));
  }

  /** The next `count` bytes, one character each. */
  latin1(count: number): string {
    return String.fromCharCode(...this.#take(count));
  }

  #take(count: number): Uint8Array {
    this.skip(count);
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

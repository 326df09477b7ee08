/**
 * Bytes that are kept as copies until they can be sent, or in case they must be sent again. Small pieces are written one behind
 * another, so that a body of a byte at a time costs its bytes, and not an object for each (D07: a hundred times as much).
 */

const firstBytes = 1024;
const slabBytes = 16 * 1024;

export class KeptBytes {
  #pieces: Buffer[] = [];
  /** The memory of the last piece, and how far it is written: what was handed out is never written again. */
  #slab: Buffer = empty;
  #slabEnd = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** In order; they stay as they are. */
  get pieces(): readonly Buffer[] {
    return this.#pieces;
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#slab.length - this.#slabEnd < bytes.length) {
      const size = this.#pieces.length === 0 ? firstBytes : slabBytes;
      this.#slab = Buffer.allocUnsafeSlow(Math.max(size, bytes.length));
      this.#slabEnd = 0;
      this.#pieces.push(empty);
    }
    bytes.copy(this.#slab, this.#slabEnd);
    this.#slabEnd += bytes.length;
    this.#pieces[this.#pieces.length - 1] = this.#slab.subarray(0, this.#slabEnd);
  }

  clear(): void {
    this.#pieces = [];
    this.#slab = empty;
    this.#slabEnd = 0;
    this.#length = 0;
  }
}

const empty: Buffer = Buffer.alloc(0);

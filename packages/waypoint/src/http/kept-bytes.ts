/**
 * Bytes that are kept as copies until they can be sent, or in case they must be sent again. Small pieces are written one behind
 * another, so that a body of a byte at a time costs its bytes, and not an object for each (D07: a hundred times as much).
 */

const firstBytes = 1024;
const slabBytes = 16 * 1024;

/**
 * First slabs that serve again, for the thread: 256 KiB at most. Allocating one for each small body was 6 % of a worker under unary
 * gRPC calls, and V8 sweeps such memory in threads of its own.
 */
const freeSlabs: Buffer[] = [];
const freeLimit = 256;

export class KeptBytes {
  /** Slabs that are written to their end. */
  #full: Buffer[] | undefined = undefined;
  /** Where the next bytes go, and how far it is written: what was handed out is never written again. */
  #slab: Buffer = empty;
  #slabEnd = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** In order; they stay as they are, until `giveBack`. */
  get pieces(): readonly Buffer[] {
    if (this.#slabEnd === 0) return none;
    const last = this.#slab.subarray(0, this.#slabEnd);
    return this.#full === undefined ? [last] : [...this.#full, last];
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#slab.length - this.#slabEnd < bytes.length) this.#begin(bytes.length);
    this.#slab.set(bytes, this.#slabEnd);
    this.#slabEnd += bytes.length;
  }

  clear(): void {
    this.#full = undefined;
    this.#slab = empty;
    this.#slabEnd = 0;
    this.#length = 0;
  }

  /** As clear(), and nobody who was handed pieces looks at them any more: others' bytes may be written there. */
  giveBack(): void {
    const first = this.#full?.[0] ?? this.#slab;
    if (first.buffer.byteLength === firstBytes && freeSlabs.length < freeLimit)
      freeSlabs.push(first.length === firstBytes ? first : Buffer.from(first.buffer));
    this.clear();
  }

  #begin(neededBytes: number): void {
    if (this.#slabEnd > 0) {
      this.#full ??= [];
      this.#full.push(this.#slab.subarray(0, this.#slabEnd));
    }
    const isFirst = this.#full === undefined;
    this.#slab =
      isFirst && neededBytes <= firstBytes
        ? (freeSlabs.pop() ?? Buffer.allocUnsafeSlow(firstBytes))
        : Buffer.allocUnsafeSlow(Math.max(isFirst ? firstBytes : slabBytes, neededBytes));
    this.#slabEnd = 0;
  }
}

const empty: Buffer = Buffer.alloc(0);
const none: readonly Buffer[] = [];

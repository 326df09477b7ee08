/**
 * Bytes of messages that are not whole yet, counted over all connections of a worker: each connection has its own bound, and
 * ten thousand of them would still be too much. Large memory for them is lent again and again: whoever opens one connection after the
 * other, and leaves a header block unfinished on each, would else have the garbage of it collected as often.
 */

/** Who needs less gets memory of his own, as he would claim more than he holds. */
const lentFromBytes = 8 * 1024;
/** What is worth keeping: such as most can use. */
const leastSpareBytes = 32 * 1024;
const mostSpareBytes = 128 * 1024;
/** 2 MiB of a worker. */
const mostSpares = 16;

export class HeldBytes {
  readonly #most: number;
  #held = 0;
  /** Nobody refers to it. */
  readonly #spares: Buffer[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** Whoever wants to hold more has to go. */
  get isOver(): boolean {
    return this.#held > this.#most;
  }

  /** `change`: memory taken, or given back where it is negative. */
  add(change: number): void {
    this.#held += change;
  }

  /** Memory of `bytes` or more; what was in it is somebody else's. */
  take(bytes: number): Buffer {
    const spare = bytes >= lentFromBytes ? this.#spares.findLastIndex(({ length }) => length >= bytes) : -1;
    const memory = this.#spares.splice(spare, spare < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(bytes);
    this.#held += memory.length;
    return memory;
  }

  /** Of take(). Whoever gives it back does not look at it any more. */
  give(memory: Buffer): void {
    this.#held -= memory.length;
    const isWorthIt = memory.length >= leastSpareBytes && memory.length <= mostSpareBytes;
    if (isWorthIt && this.#spares.length < mostSpares) this.#spares.push(memory);
  }
}

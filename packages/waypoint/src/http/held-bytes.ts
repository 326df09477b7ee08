/**
 * Bytes of messages that are not whole yet, counted over all connections of a worker: each connection has its own bound, and
 * ten thousand of them would still be too much.
 */
export class HeldBytes {
  readonly #most: number;
  #held = 0;

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
}

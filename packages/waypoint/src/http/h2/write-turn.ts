/**
 * Gathers what the connections of a worker have to say within one turn of the event loop: whoever writes is flushed once,
 * when all that could be read has been read. So the frames of many streams share one write. Lends the memory for it too.
 */

/** What can be flushed. Throws nothing: that would keep the turn from the others. */
export interface Flushable {
  flush(): void;
}

/** Holds some hundred small frames, or a header block of the largest frame. */
export const chunkBytes = 32 * 1024;
/** Kept for the next turn: 2 MiB a worker. */
const freeLimit = 64;

/** One per worker. */
export class WriteTurn {
  #dirty: Flushable[] = [];
  #flushing: Flushable[] = [];
  #isScheduled = false;
  readonly #free: Buffer[] = [];
  readonly #run = (): void => this.flushAll();
  /** Told of what a flush has met (listener/connection-faults.ts). */
  readonly onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.onFault = onFault;
  }

  /** It is flushed at the end of this turn. */
  add(output: Flushable): void {
    this.#dirty.push(output);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#run);
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** Nobody may look at it any more. */
  give(chunk: Buffer): void {
    if (this.#free.length < freeLimit) this.#free.push(chunk);
  }

  /** By itself it comes when the turn ends. */
  flushAll(): void {
    this.#isScheduled = false;
    const dirty = this.#dirty;
    this.#dirty = this.#flushing;
    this.#flushing = dirty;
    for (const output of dirty) output.flush();
    dirty.length = 0;
  }
}

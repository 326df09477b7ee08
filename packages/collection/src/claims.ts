/**
 * Which input item owns which output key of a derived collection. Keys should be unique over all inputs; where they are
 * not, the first to claim a key keeps it and the others wait in line, so that the key lives on when the first lets go.
 */

export class Claims<T> {
  readonly #owners = new Map<string, string>();
  readonly #waiting = new Map<string, Map<string, T>>();
  readonly #put: (key: string, item: T | undefined) => void;

  /** `put` takes what a key now stands for. */
  constructor(put: (key: string, item: T | undefined) => void) {
    this.#put = put;
  }

  /** Claims or renews. False where another input has the key: the item waits. */
  claim(key: string, input: string, item: T): boolean {
    const owner = this.#owners.get(key);
    if (owner === undefined || owner === input) {
      this.#owners.set(key, input);
      this.#put(key, item);
      return true;
    }
    let line = this.#waiting.get(key);
    if (line === undefined) {
      line = new Map();
      this.#waiting.set(key, line);
    }
    line.set(input, item);
    return false;
  }

  /** Lets go of a key, held or waited for. */
  release(key: string, input: string): void {
    const line = this.#waiting.get(key);
    if (this.#owners.get(key) !== input) {
      line?.delete(input);
      if (line?.size === 0) this.#waiting.delete(key);
      return;
    }
    const next = line?.entries().next().value;
    if (line === undefined || next === undefined) {
      this.#owners.delete(key);
      this.#put(key, undefined);
      return;
    }
    line.delete(next[0]);
    if (line.size === 0) this.#waiting.delete(key);
    this.#owners.set(key, next[0]);
    this.#put(key, next[1]);
  }

  ownerOf(key: string): string | undefined {
    return this.#owners.get(key);
  }
}

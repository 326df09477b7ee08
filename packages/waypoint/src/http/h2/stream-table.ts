/**
 * The open streams of a connection by their numbers: a hash table with linear probing, since the numbers are dense. A Map
 * would do but for its garbage: the tables that it outgrows refer to their successors, so once one has grown old the
 * streams of all later ones survive young collections (measured: half of all allocation, a quarter of the CPU).
 */

interface Numbered {
  readonly id: number;
}

const smallest = 16;

export class StreamTable<S extends Numbered> {
  #slots: (S | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): S | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    if (mask < 0) return undefined;
    for (let at = homeOf(id, mask); ; at = (at + 1) & mask) {
      const stream = slots[at];
      if (stream === undefined || stream.id === id) return stream;
    }
  }

  /** Its number is not in the table. */
  add(stream: S): void {
    if (2 * this.#size >= this.#slots.length) this.#resize(Math.max(smallest, 2 * this.#slots.length));
    this.#size++;
    this.#put(stream);
  }

  delete(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    if (mask < 0) return;
    let at = homeOf(id, mask);
    for (; slots[at]?.id !== id; at = (at + 1) & mask) if (slots[at] === undefined) return;
    this.#size--;
    // Whoever probed past this place moves up into it, so that searches go on ending at the first gap.
    for (let next = (at + 1) & mask; ; next = (next + 1) & mask) {
      const stream = slots[next];
      if (stream === undefined) break;
      const home = homeOf(stream.id, mask);
      if (((next - home) & mask) < ((next - at) & mask)) continue;
      slots[at] = stream;
      at = next;
    }
    slots[at] = undefined;
  }

  /** Those that are in it now, in no order. */
  toArray(): S[] {
    return this.#slots.filter((stream) => stream !== undefined);
  }

  clear(): void {
    this.#slots = [];
    this.#size = 0;
  }

  #put(stream: S): void {
    const mask = this.#slots.length - 1;
    let at = homeOf(stream.id, mask);
    while (this.#slots[at] !== undefined) at = (at + 1) & mask;
    this.#slots[at] = stream;
  }

  #resize(length: number): void {
    const streams = this.toArray();
    this.#slots = Array.from({ length }, () => undefined);
    for (const stream of streams) this.#put(stream);
  }
}

/** One side's numbers are all odd (or even). */
function homeOf(id: number, mask: number): number {
  return (id >>> 1) & mask;
}

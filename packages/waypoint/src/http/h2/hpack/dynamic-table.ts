/** The decoder's dynamic table (RFC 7541 2.3.2 and 4): newest first, oldest out when its size would pass the maximum. */
import type { Field } from "./field.ts";

export class DynamicTable {
  /** Changes whenever an index may mean something else than before. */
  version = 0;
  #maxSize: number;
  #size = 0;
  /** A ring whose length is a power of two; made by the first entry, since many connections never have one. */
  #ring: (Field | undefined)[] = [];
  #newest = 0;
  #count = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get count(): number {
    return this.#count;
  }

  get size(): number {
    return this.#size;
  }

  /** 0 is the newest; undefined past the oldest. */
  at(index: number): Field | undefined {
    if (index >= this.#count) return undefined;
    return this.#ring[(this.#newest - index) & (this.#ring.length - 1)];
  }

  /** An entry larger than the table empties it and is no error (RFC 7541 4.4). */
  add(field: Field): void {
    this.version++;
    this.#evictTo(this.#maxSize - field.size);
    if (field.size > this.#maxSize) return;
    if (this.#count === this.#ring.length) this.#grow();
    this.#newest = (this.#newest + 1) & (this.#ring.length - 1);
    this.#ring[this.#newest] = field;
    this.#count++;
    this.#size += field.size;
  }

  resize(maxSize: number): void {
    this.version++;
    this.#maxSize = maxSize;
    this.#evictTo(maxSize);
  }

  #evictTo(size: number): void {
    while (this.#size > size && this.#count > 0) {
      const oldest = (this.#newest - this.#count + 1) & (this.#ring.length - 1);
      this.#size -= this.#ring[oldest]!.size;
      this.#ring[oldest] = undefined;
      this.#count--;
    }
  }

  #grow(): void {
    const grown: (Field | undefined)[] = Array.from({ length: Math.max(16, 2 * this.#ring.length) });
    for (let i = 0; i < this.#count; i++) grown[this.#count - 1 - i] = this.at(i);
    this.#ring = grown;
    this.#newest = (this.#count - 1) & (grown.length - 1);
  }
}

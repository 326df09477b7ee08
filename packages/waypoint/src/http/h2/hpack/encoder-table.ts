/**
 * What the peer's decoder has in its dynamic table (RFC 7541 2.3.2), kept by what we put there. Entries are numbered as
 * they come, so an index is the distance to the newest, and an entry is gone once its number is below the oldest.
 */

export class EncoderTable {
  /** Changes whenever an index may mean something else than before. */
  version = 0;
  #maxSize: number;
  #size = 0;
  /** Sizes of the entries in the table, oldest first, from #head on. */
  #sizes: number[] = [];
  #head = 0;
  /** The number of the newest entry; the first is 1. */
  #newest = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  has(number: number): boolean {
    return number > this.#newest - (this.#sizes.length - this.#head);
  }

  /** From 0 for the newest. */
  distance(number: number): number {
    return this.#newest - number;
  }

  /** False: it is too large to be worth the entries it would push out. */
  hasRoomFor(size: number): boolean {
    return size <= this.#maxSize >> 1;
  }

  /** Gives back its number. */
  add(size: number): number {
    this.version++;
    this.#evictTo(this.#maxSize - size);
    this.#sizes.push(size);
    this.#size += size;
    return ++this.#newest;
  }

  resize(maxSize: number): void {
    this.version++;
    this.#maxSize = maxSize;
    this.#evictTo(maxSize);
  }

  #evictTo(size: number): void {
    while (this.#size > size) this.#size -= this.#sizes[this.#head++]!;
    if (this.#head > 64) {
      this.#sizes.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

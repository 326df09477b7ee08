/** One item of a collection, as a collection: what one reflector may write to where several write to one collection. */
import type { Collection, Event, SourceCollection } from "@waystone/collection/collection";

export class PartOfCollection<T> implements SourceCollection<T> {
  readonly #whole: SourceCollection<T>;
  readonly #key: string;
  #isOver = false;

  constructor(whole: SourceCollection<T>, key: string) {
    this.#whole = whole;
    this.#key = key;
  }

  get name(): Collection<T>["name"] {
    return this.#whole.name;
  }

  get size(): number {
    return this.list().length;
  }

  get(key: string): T | undefined {
    return key === this.#key ? this.#whole.get(key) : undefined;
  }

  list(): readonly T[] {
    const item = this.#whole.get(this.#key);
    return item === undefined ? [] : [item];
  }

  /** The item goes, and nothing that is written from now on counts. */
  end(): void {
    this.#whole.delete(this.#key);
    this.#isOver = true;
  }

  set(item: T): void {
    if (!this.#isOver) this.#whole.set(item);
  }

  delete(key: string): void {
    if (key === this.#key && !this.#isOver) this.#whole.delete(key);
  }

  replaceAll(items: readonly T[]): void {
    const [item] = items;
    if (item === undefined) this.delete(this.#key);
    else this.set(item);
  }

  subscribe(listener: (events: readonly Event<T>[]) => void, options?: { replay?: boolean }): () => void {
    return this.#whole.subscribe((events) => {
      const ours = events.filter(({ key }) => key === this.#key);
      if (ours.length > 0) listener(ours);
    }, options);
  }
}

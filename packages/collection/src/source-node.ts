/**
 * A collection that is written to. Within a batch it shows what has been written (so that read-modify-write is safe),
 * while everything else still sees what was settled before.
 */
import type { SourceCollection } from "./collection.ts";
import { CollectionNode, type NodeOptions } from "./collection-node.ts";
import type { Settler } from "./settler.ts";

export interface SourceOptions<T> extends NodeOptions<T> {
  readonly key: (item: T) => string;
}

export class SourceNode<T> extends CollectionNode<T> implements SourceCollection<T> {
  readonly #key: (item: T) => string;
  /** Written and not settled yet; undefined is a deletion. Only what differs from the settled content. */
  readonly #written = new Map<string, T | undefined>();

  constructor(settler: Settler, options: SourceOptions<T>) {
    super(settler, options);
    this.#key = options.key;
  }

  set(item: T): void {
    this.settler.batch(() => this.#write(this.#key(item), item));
  }

  delete(key: string): void {
    this.settler.batch(() => this.#write(key, undefined));
  }

  replaceAll(items: readonly T[]): void {
    this.settler.batch(() => {
      const wanted = new Map(items.map((item) => [this.#key(item), item]));
      for (const key of [...this.items.keys(), ...this.#written.keys()]) {
        if (!wanted.has(key)) this.#write(key, undefined);
      }
      for (const [key, item] of wanted) this.#write(key, item);
    });
  }

  override get(key: string): T | undefined {
    const settled = super.get(key);
    return this.#written.has(key) ? this.#written.get(key) : settled;
  }

  override list(): readonly T[] {
    const settled = super.list();
    return this.#written.size === 0 ? settled : [...this.#current().values()];
  }

  override get size(): number {
    const settled = super.size;
    return this.#written.size === 0 ? settled : this.#current().size;
  }

  protected override takeIn(): void {
    for (const [key, item] of this.#written) this.put(key, item);
    this.#written.clear();
  }

  #write(key: string, item: T | undefined): void {
    const settled = this.items.get(key);
    if (item === settled || (item !== undefined && settled !== undefined && this.equals(settled, item))) {
      this.#written.delete(key);
      return;
    }
    this.#written.set(key, item);
    this.isStale = true;
  }

  #current(): Map<string, T> {
    const current = new Map(this.items);
    for (const [key, item] of this.#written) {
      if (item === undefined) current.delete(key);
      else current.set(key, item);
    }
    return current;
  }
}

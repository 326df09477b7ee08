/** The union of collections. Where keys collide the earlier one wins; when it lets go of a key, the next one's item shows. */
import { CollectionNode, type NodeOptions } from "./collection-node.ts";
import type { Settler } from "./settler.ts";

export interface JoinOptions<T> extends NodeOptions<T> {
  readonly inputs: readonly CollectionNode<T>[];
}

export class JoinNode<T> extends CollectionNode<T> {
  readonly #inputs: readonly CollectionNode<T>[];
  readonly #stale = new Set<string>();

  constructor(settler: Settler, options: JoinOptions<T>) {
    super(settler, options);
    this.#inputs = options.inputs;
    for (const input of options.inputs) {
      for (const key of input.items.keys()) this.markStale(key);
      input.dependents.push(this);
    }
  }

  markStale(key: string): void {
    this.#stale.add(key);
    this.isStale = true;
  }

  protected override takeIn(): void {
    for (const key of this.#stale) this.put(key, this.#winnerOf(key));
    this.#stale.clear();
  }

  #winnerOf(key: string): T | undefined {
    for (const input of this.#inputs) {
      const item = input.items.get(key);
      if (item !== undefined) return item;
    }
    return undefined;
  }
}

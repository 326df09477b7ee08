/**
 * The FetchContext of one derived collection: answers from settled content and notes every question with the asker that
 * is running. Reading a younger collection is refused: it may not have settled in this pass, and this is also what makes
 * circles impossible.
 */
import type { Collection, FetchContext, Index } from "./collection.ts";
import { CollectionNode } from "./collection-node.ts";
import { IndexNode } from "./index-node.ts";
import type { Asker, Question } from "./question.ts";
import type { Settler } from "./settler.ts";

export class ItemContext implements FetchContext {
  readonly #reader: { readonly name: string; readonly rank: number; readonly settler: Settler };
  #asker: Asker | undefined;

  constructor(reader: { readonly name: string; readonly rank: number; readonly settler: Settler }) {
    this.#reader = reader;
  }

  /** Runs a transformation on behalf of `asker`, whose questions become those that it asks now. */
  run<O>(asker: Asker, transform: (context: FetchContext) => O): O {
    this.#asker = asker;
    asker.begin();
    try {
      return this.#reader.settler.runTransform(this.#reader.name, () => transform(this));
    } finally {
      asker.end();
      this.#asker = undefined;
    }
  }

  get<T>(collection: Collection<T>, key: string): T | undefined {
    const node = nodeOf(collection);
    this.#ask(node, () => node.keyQuestions.about(key));
    return node.items.get(key);
  }

  list<T>(collection: Collection<T>): readonly T[] {
    const node = nodeOf(collection);
    this.#ask(node, () => node.listQuestion);
    return node.listSettled();
  }

  lookup<T>(index: Index<T>, value: string): readonly T[] {
    if (!(index instanceof IndexNode))
      throw new Error(`index ${index.name} was not made by a collection graph`);
    const node: IndexNode<T> = index;
    this.#ask(node.input, () => node.questions.about(value));
    return node.lookupSettled(value);
  }

  #ask<T>(node: CollectionNode<T>, question: () => Question): void {
    const { name, rank, settler } = this.#reader;
    if (this.#asker === undefined) {
      throw new Error(`the context of ${name} was used after its transformation had returned`);
    }
    if (node.settler !== settler)
      throw new Error(`${name} can't fetch from ${node.name}: it is of another graph`);
    if (node.rank >= rank) {
      throw new Error(
        `${name} can't fetch from ${node.name}: a collection reads only from those made before it`,
      );
    }
    this.#asker.ask(question());
  }
}

/** The node behind a collection: only a graph's own can tell who asked them. */
export function nodeOf<T>(collection: Collection<T>): CollectionNode<T> {
  if (collection instanceof CollectionNode) return collection;
  throw new Error(`collection ${collection.name} was not made by a collection graph`);
}

/**
 * Makes collections that settle together: see collection.ts for what they promise. Collections live as long as the graph;
 * each reads only from those made before it.
 */
import type {
  Collection,
  CollectionGraph,
  CollectionOptions,
  FetchContext,
  Index,
  SourceCollection,
} from "./collection.ts";
import type { CollectionError } from "./collection-error.ts";
import type { CollectionNode } from "./collection-node.ts";
import { deepEquals } from "./deep-equals.ts";
import { DerivedNode } from "./derived-node.ts";
import { IndexNode } from "./index-node.ts";
import { nodeOf } from "./item-context.ts";
import { JoinNode } from "./join-node.ts";
import { Settler } from "./settler.ts";
import { SourceNode } from "./source-node.ts";

export interface CollectionGraphOptions {
  /**
   * Told of a transformation, index or subscriber that threw, and of colliding keys, after the pass has settled; it may
   * write to sources. Without it such errors are thrown, after everything has settled, out of the write (or the making
   * of the collection) that led to them.
   */
  readonly onError?: (error: CollectionError) => void;
}

export function createCollectionGraph(options: CollectionGraphOptions = {}): CollectionGraph {
  return new Graph(options.onError);
}

class Graph implements CollectionGraph {
  readonly #settler: Settler;

  constructor(onError: ((error: CollectionError) => void) | undefined) {
    this.#settler = new Settler(onError);
  }

  source<T>({ name, key, equals = deepEquals }: CollectionOptions<T>): SourceCollection<T> {
    return new SourceNode(this.#settler, { name, key, equals });
  }

  derive<I, O>(
    input: Collection<I>,
    transform: (context: FetchContext, item: I) => O | readonly O[] | undefined,
    { name, key, equals = deepEquals }: CollectionOptions<O>,
  ): Collection<O> {
    const listed = (context: FetchContext, item: I): readonly O[] => listOf(transform(context, item));
    return this.#settled(
      new DerivedNode(this.#settler, { name, key, equals, transform: listed, input: this.#own(input) }),
    );
  }

  singleton<O>(name: string, compute: (context: FetchContext) => O | undefined): Collection<O> {
    const input = new SourceNode(this.#settler, {
      name: `${name} (unit)`,
      key: () => name,
      equals: deepEquals,
    });
    input.set(unit);
    this.#settled(input);
    const listed = (context: FetchContext): readonly O[] => {
      const output = compute(context);
      return output === undefined ? [] : [output];
    };
    const key = (): string => name;
    return this.#settled(
      new DerivedNode(this.#settler, {
        name,
        key,
        equals: deepEquals,
        transform: listed,
        input: nodeOf(input),
      }),
    );
  }

  join<T>(name: string, inputs: readonly Collection<T>[]): Collection<T> {
    const nodes = inputs.map((input) => this.#own(input));
    // Their items are alike, and so is what makes them equal.
    const equals = nodes[0]?.equals ?? deepEquals;
    return this.#settled(new JoinNode(this.#settler, { name, inputs: nodes, equals }));
  }

  index<T>(name: string, input: Collection<T>, values: (item: T) => readonly string[]): Index<T> {
    const index = new IndexNode({ name, input: this.#own(input), values });
    this.#settler.batch(() => {});
    return index;
  }

  batch(write: () => void): void {
    this.#settler.batch(write);
  }

  #own<T>(collection: Collection<T>): CollectionNode<T> {
    const node = nodeOf(collection);
    if (node.settler !== this.#settler) throw new Error(`collection ${node.name} is of another graph`);
    return node;
  }

  /** Fills a new collection from what is settled now; an empty batch then delivers what was reported on the way. */
  #settled<T>(node: CollectionNode<T>): CollectionNode<T> {
    node.isStale = false;
    node.settle();
    this.#settler.batch(() => {});
    return node;
  }
}

const unit = { isUnit: true };

function listOf<O>(output: O | readonly O[] | undefined): readonly O[] {
  if (output === undefined) return [];
  return Array.isArray(output) ? (output as readonly O[]) : [output as O];
}

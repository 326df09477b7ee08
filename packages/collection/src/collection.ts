/**
 * Collections: sets of keyed, immutable items that announce how they change, in the manner of Istio's krt.
 *
 * Sources are written to; derived collections, joins and indexes follow by themselves. The rules:
 *  - a transformation is a pure, idempotent function of one input item and of what it fetched through its context;
 *  - an output that equals the one before makes no event (equality suppression), so nothing downstream runs;
 *  - changes settle in one pass, in dependency order, when the outermost `batch` ends: a transformation never sees half of
 *    a change, runs at most once per item and pass, and a subscriber gets one list of events per pass;
 *  - a transformation reads only through its context, and only from collections made before its own (so there are no
 *    circles); one that throws keeps the outputs that its item had before, and is reported (`onError` of the graph);
 *  - a subscriber may write: that makes another pass after this one.
 */

export type Event<T> =
  | { readonly type: "add"; readonly key: string; readonly item: T }
  | { readonly type: "update"; readonly key: string; readonly item: T; readonly before: T }
  | { readonly type: "delete"; readonly key: string; readonly before: T };

export interface Collection<T> {
  readonly name: string;
  get(key: string): T | undefined;
  /** In no promised order. */
  list(): readonly T[];
  readonly size: number;
  /**
   * Calls `listener` once per pass in which something changed; with `replay`, first with an add for all that is there (not
   * at all while there is nothing). Returns the way to stop, which may be taken twice and from within a listener.
   */
  subscribe(listener: (events: readonly Event<T>[]) => void, options?: { replay?: boolean }): () => void;
}

/**
 * A collection that is written to. Within a batch it shows what has been written; everything that is made from it, its
 * subscribers included, sees that when the batch has ended.
 */
export interface SourceCollection<T> extends Collection<T> {
  /** Adds or replaces; an equal item is no change. */
  set(item: T): void;
  delete(key: string): void;
  /** Makes `items` the whole content, with events only for what differs. */
  replaceAll(items: readonly T[]): void;
}

/** Finds the items of a collection by a value computed from each. */
export interface Index<T> {
  readonly name: string;
  lookup(value: string): readonly T[];
}

/** What a transformation may ask while it runs; each question makes the asking item depend on the answer. */
export interface FetchContext {
  get<T>(collection: Collection<T>, key: string): T | undefined;
  list<T>(collection: Collection<T>): readonly T[];
  lookup<T>(index: Index<T>, value: string): readonly T[];
}

/** Items of one collection, by key. */
export interface CollectionOptions<T> {
  readonly name: string;
  readonly key: (item: T) => string;
  /** Deep equality of plain data unless given. */
  readonly equals?: (a: T, b: T) => boolean;
}

/** Makes collections that settle together. One per controller. */
export interface CollectionGraph {
  source<T>(options: CollectionOptions<T>): SourceCollection<T>;
  /** Each input item yields any number of outputs; their keys must be unique over all inputs (first come stays). */
  derive<I, O>(
    input: Collection<I>,
    transform: (context: FetchContext, item: I) => O | readonly O[] | undefined,
    options: CollectionOptions<O>,
  ): Collection<O>;
  /** A collection of one item (or none) computed from whatever it fetches. The item's key is `name`; it may be an array. */
  singleton<O>(name: string, compute: (context: FetchContext) => O | undefined): Collection<O>;
  /** The union; where keys collide, the earlier collection of the list wins, and the later shows when the earlier lets go. */
  join<T>(name: string, inputs: readonly Collection<T>[]): Collection<T>;
  index<T>(name: string, input: Collection<T>, values: (item: T) => readonly string[]): Index<T>;
  /**
   * Runs `write` and settles once, at the end of the outermost batch, even if `write` throws: a batch is no transaction. A
   * write outside any batch is one of its own.
   */
  batch(write: () => void): void;
}

/**
 * Collections: sets of keyed, immutable items that announce how they change, in the manner of Istio's krt.
 *
 * Sources are written to; derived collections, joins and indexes follow by themselves. The rules:
 *  - a transformation is a pure, idempotent function of one input item and of what it fetched through its context;
 *  - an output that equals the one before makes no event (equality suppression), so nothing downstream runs;
 *  - changes settle in one pass, in dependency order, when the outermost `batch` ends: a transformation never sees half of
 *    a change, runs at most once per item and pass, and a subscriber gets one list of events per pass.
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
   * Calls `listener` once per pass in which something changed; with `replay`, first with an add for all that is there.
   * Returns the way to stop.
   */
  subscribe(listener: (events: readonly Event<T>[]) => void, options?: { replay?: boolean }): () => void;
}

/** A collection that is written to. */
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

/** What a transformation may ask; each question makes the asking item depend on the answer. */
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
  /** A collection of one item (or none) computed from whatever it fetches. */
  singleton<O>(name: string, compute: (context: FetchContext) => O | undefined): Collection<O>;
  /** The union; where keys collide, the earlier collection of the list wins. */
  join<T>(name: string, inputs: readonly Collection<T>[]): Collection<T>;
  index<T>(name: string, input: Collection<T>, values: (item: T) => readonly string[]): Index<T>;
  /** Runs `write` and settles once, at the end of the outermost batch. A write outside any batch is one of its own. */
  batch(write: () => void): void;
}

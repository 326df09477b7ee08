/** An index follows its collection at once, within the pass, so that younger collections look up what is settled. */
import type { Event, Index } from "./collection.ts";
import { CollectionError, reasonOf } from "./collection-error.ts";
import type { CollectionNode } from "./collection-node.ts";
import { Questions } from "./question.ts";

/** What is found under one value. Mostly one item, which then costs no Map: an index by address has one for each pod. */
type Bucket<T> = One<T> | Several<T>;

interface One<T> {
  readonly key: string;
  readonly item: T;
}

interface Several<T> {
  readonly items: Map<string, T>;
  /** Kept until the bucket changes. */
  listed: readonly T[] | undefined;
}

/** The values of one item; a single one by itself, for the same reason. */
type Values = string | ReadonlySet<string>;

export interface IndexOptions<T> {
  readonly name: string;
  readonly input: CollectionNode<T>;
  readonly values: (item: T) => readonly string[];
}

export class IndexNode<T> implements Index<T> {
  readonly name: string;
  readonly input: CollectionNode<T>;
  readonly questions = new Questions();
  readonly #values: (item: T) => readonly string[];
  readonly #buckets = new Map<string, Bucket<T>>();
  /** What each key is found under now: asking again about the item before could give another answer. */
  readonly #valuesOf = new Map<string, Values>();

  constructor(options: IndexOptions<T>) {
    options.input.settler.forbidInTransform("index");
    this.name = options.name;
    this.input = options.input;
    this.#values = options.values;
    for (const [key, item] of options.input.items) this.#move(key, item);
    options.input.indexes.push(this);
  }

  lookup(value: string): readonly T[] {
    this.input.settler.forbidInTransform("look up in");
    return this.lookupSettled(value);
  }

  lookupSettled(value: string): readonly T[] {
    const bucket = this.#buckets.get(value);
    if (bucket === undefined) return [];
    if ("key" in bucket) return [bucket.item];
    bucket.listed ??= [...bucket.items.values()];
    return bucket.listed;
  }

  /** How many values something is found under. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Follows the input's events and marks who looked up a value whose answer changed. */
  apply(events: readonly Event<T>[]): void {
    const changed = new Set<string>();
    for (const event of events) {
      const item = event.type === "delete" ? undefined : event.item;
      for (const value of this.#move(event.key, item)) changed.add(value);
    }
    for (const value of changed) this.questions.answerChanged(value);
  }

  /** Puts a key under its item's values, away from those before. Returns both. */
  #move(key: string, item: T | undefined): readonly string[] {
    const before = this.#valuesOf.get(key) ?? nothing;
    const after = item === undefined ? nothing : this.#valuesFor(key, item);
    const [left, entered] = [listValues(before), listValues(after)];
    for (const value of left) if (!entered.includes(value)) this.#take(value, key);
    if (item !== undefined) for (const value of entered) this.#put(value, key, item);
    if (entered.length === 0) this.#valuesOf.delete(key);
    else this.#valuesOf.set(key, after);
    return [...left, ...entered];
  }

  #valuesFor(key: string, item: T): Values {
    try {
      const values = this.#values(item);
      return values.length === 1 && values[0] !== undefined ? values[0] : new Set(values);
    } catch (thrown) {
      const message = `index ${this.name}: the values of ${key} can't be computed: ${reasonOf(thrown)}`;
      this.input.settler.report(
        new CollectionError("index", { collection: this.name, key, cause: thrown }, message),
      );
      return nothing;
    }
  }

  #put(value: string, key: string, item: T): void {
    const bucket = this.#buckets.get(value);
    if (bucket === undefined || ("key" in bucket && bucket.key === key)) {
      this.#buckets.set(value, { key, item });
    } else if ("key" in bucket) {
      const items = new Map([
        [bucket.key, bucket.item],
        [key, item],
      ]);
      this.#buckets.set(value, { items, listed: undefined });
    } else {
      bucket.items.set(key, item);
      bucket.listed = undefined;
    }
  }

  #take(value: string, key: string): void {
    const bucket = this.#buckets.get(value);
    if (bucket === undefined) return;
    if ("key" in bucket) {
      if (bucket.key === key) this.#buckets.delete(value);
      return;
    }
    bucket.items.delete(key);
    bucket.listed = undefined;
    if (bucket.items.size === 0) this.#buckets.delete(value);
  }
}

function listValues(values: Values): readonly string[] {
  return typeof values === "string" ? [values] : [...values];
}

const nothing: ReadonlySet<string> = new Set();

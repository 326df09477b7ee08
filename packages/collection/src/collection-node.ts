/**
 * What all collections share: the settled items, what was touched in this pass, who depends on them and who listens.
 * Subclasses say where items come from, in `takeIn`.
 */
import type { Collection, Event } from "./collection.ts";
import { CollectionError, reasonOf } from "./collection-error.ts";
import type { IndexNode } from "./index-node.ts";
import { Question, Questions } from "./question.ts";
import type { Settleable, Settler } from "./settler.ts";

/** A collection that is made of this one's items, key by key. */
export interface Dependent {
  markStale(key: string): void;
}

interface Subscription<T> {
  readonly listener: (events: readonly Event<T>[]) => void;
  isOpen: boolean;
}

export interface NodeOptions<T> {
  readonly name: string;
  readonly equals: (a: T, b: T) => boolean;
}

export abstract class CollectionNode<T> implements Collection<T>, Settleable {
  readonly name: string;
  readonly rank: number;
  readonly settler: Settler;
  isStale = false;
  /** The settled content: what transformations read. */
  readonly items = new Map<string, T>();
  readonly dependents: Dependent[] = [];
  readonly indexes: IndexNode<T>[] = [];
  readonly keyQuestions = new Questions();
  readonly listQuestion = new Question();
  readonly equals: (a: T, b: T) => boolean;
  /** What the keys touched in this pass stood for before it. */
  readonly #before = new Map<string, T | undefined>();
  #subscriptions: readonly Subscription<T>[] = [];
  #listed: readonly T[] | undefined;

  constructor(settler: Settler, options: NodeOptions<T>) {
    settler.forbidInTransform("make");
    this.name = options.name;
    this.equals = options.equals;
    this.settler = settler;
    this.rank = settler.admit(this);
  }

  /** Brings the stale part of the content up to date through `put`. */
  protected abstract takeIn(): void;

  get(key: string): T | undefined {
    this.settler.forbidInTransform("read");
    return this.items.get(key);
  }

  list(): readonly T[] {
    this.settler.forbidInTransform("read");
    return this.listSettled();
  }

  get size(): number {
    this.settler.forbidInTransform("read");
    return this.items.size;
  }

  /** Kept until something changes: many transformations may ask for the same list. */
  listSettled(): readonly T[] {
    this.#listed ??= [...this.items.values()];
    return this.#listed;
  }

  subscribe(listener: (events: readonly Event<T>[]) => void, options?: { replay?: boolean }): () => void {
    this.settler.forbidInTransform("subscribe to");
    const subscription: Subscription<T> = { listener, isOpen: true };
    this.#subscriptions = [...this.#subscriptions, subscription];
    if (options?.replay === true && this.items.size > 0) this.#replayTo(subscription);
    return () => this.#unsubscribe(subscription);
  }

  settle(): readonly (() => void)[] {
    this.takeIn();
    const events = this.#commit();
    if (events.length === 0) return [];
    this.#listed = undefined;
    this.#announce(events);
    return this.#subscriptions.map((subscription) => () => {
      if (subscription.isOpen) subscription.listener(events);
    });
  }

  /** Sets, or with undefined removes, what a key stands for. */
  protected put(key: string, item: T | undefined): void {
    if (!this.#before.has(key)) this.#before.set(key, this.items.get(key));
    if (item === undefined) this.items.delete(key);
    else this.items.set(key, item);
  }

  #commit(): readonly Event<T>[] {
    const events: Event<T>[] = [];
    for (const [key, before] of this.#before) {
      const item = this.items.get(key);
      if (item === before) continue;
      if (before === undefined) events.push({ type: "add", key, item: item as T });
      else if (item === undefined) events.push({ type: "delete", key, before });
      // The old object stays, so that identity means "unchanged" to whoever holds it.
      else if (this.#isSame(before, item)) this.items.set(key, before);
      else events.push({ type: "update", key, item, before });
    }
    this.#before.clear();
    return events;
  }

  #announce(events: readonly Event<T>[]): void {
    for (const { key } of events) {
      for (const dependent of this.dependents) dependent.markStale(key);
      this.keyQuestions.answerChanged(key);
    }
    this.listQuestion.answerChanged();
    for (const index of this.indexes) index.apply(events);
  }

  /** In a batch, so that a listener which writes gets its events after the replay and not within it. */
  #replayTo(subscription: Subscription<T>): void {
    const events = Array.from(this.items, ([key, item]): Event<T> => ({ type: "add", key, item }));
    this.settler.batch(() => {
      try {
        subscription.listener(events);
      } catch (thrown) {
        this.#unsubscribe(subscription);
        throw thrown;
      }
    });
  }

  #unsubscribe(subscription: Subscription<T>): void {
    subscription.isOpen = false;
    this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription);
  }

  /** An event too many is safe, so an equality that throws says "different". */
  #isSame(before: T, item: T): boolean {
    try {
      return this.equals(before, item);
    } catch (thrown) {
      const message = `${this.name}: comparing items threw: ${reasonOf(thrown)}`;
      this.settler.report(
        new CollectionError("transform", { collection: this.name, cause: thrown }, message),
      );
      return false;
    }
  }
}

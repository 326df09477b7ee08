/**
 * When things happen in a graph of collections. Writes gather in sources; at the end of the outermost batch a pass visits
 * the stale collections in the order they were made, which is the order of dependency because a collection can only read
 * from older ones. Only when all have settled are subscribers called, so nobody ever sees half of a change. Writes by
 * subscribers make another pass after this one.
 */
import { CollectionError, reasonOf } from "./collection-error.ts";

/** A collection as the settler sees it. */
export interface Settleable {
  readonly name: string;
  isStale: boolean;
  /**
   * Takes in what changed, marks the collections that depend on it, and returns the calls to make to its subscribers.
   */
  settle(): readonly (() => void)[];
}

/** Listeners that write in answer to one another for longer than this never stop by themselves. */
const maxPasses = 1000;

export class Settler {
  readonly #collections: Settleable[] = [];
  readonly #onError: ((error: CollectionError) => void) | undefined;
  #reported: CollectionError[] = [];
  #unhandled: unknown[] = [];
  #depth = 0;
  #isSettling = false;
  #running: string | undefined;

  constructor(onError: ((error: CollectionError) => void) | undefined) {
    this.#onError = onError;
  }

  /** Takes a new collection in and settles it. Returns its rank: it may read from lower ranks only. */
  admit(collection: Settleable): number {
    return this.#collections.push(collection) - 1;
  }

  batch(write: () => void): void {
    this.forbidInTransform("write");
    this.#depth++;
    try {
      write();
    } finally {
      this.#depth--;
      // Settles even if `write` threw: a batch is no transaction, and what was written was written.
      if (this.#depth === 0) this.#settle();
    }
  }

  /** Runs a transformation: until it returns, only its context answers. */
  runTransform<O>(collection: string, run: () => O): O {
    this.#running = collection;
    try {
      return run();
    } finally {
      this.#running = undefined;
    }
  }

  /** A transformation that reads past its context would not be run again when the answer changes; one that writes is impure. */
  forbidInTransform(what: string): void {
    if (this.#running === undefined) return;
    throw new Error(
      `the transformation of ${this.#running} tried to ${what} a collection directly: it may only ask its context`,
    );
  }

  report(error: CollectionError): void {
    this.#reported.push(error);
  }

  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      let passes = 0;
      while (this.#pass()) {
        if (++passes < maxPasses) continue;
        this.#deliverError(endless(this.#staleNames()));
        break;
      }
    } finally {
      this.#isSettling = false;
    }
    this.#throwUnhandled();
  }

  /** False if there was nothing to do. */
  #pass(): boolean {
    const calls: { readonly collection: string; readonly call: () => void }[] = [];
    let wasStale = false;
    // Collections are only ever marked by older ones, so one walk settles all. The list can't grow on the way.
    for (const collection of this.#collections) {
      if (!collection.isStale) continue;
      wasStale = true;
      collection.isStale = false;
      for (const call of collection.settle()) calls.push({ collection: collection.name, call });
    }
    const hadErrors = this.#deliverErrors();
    for (const { collection, call } of calls) this.#guard(collection, call);
    return wasStale || hadErrors;
  }

  #guard(collection: string, call: () => void): void {
    try {
      call();
    } catch (thrown) {
      const message = `a subscriber of ${collection} threw: ${reasonOf(thrown)}`;
      this.#reported.push(new CollectionError("listener", { collection, cause: thrown }, message));
    }
  }

  /** False if there were none; otherwise whoever was told may have written. Called within a pass only. */
  #deliverErrors(): boolean {
    const errors = this.#reported;
    this.#reported = [];
    for (const error of errors) this.#deliverError(error);
    return errors.length > 0;
  }

  #deliverError(error: CollectionError): void {
    if (this.#onError === undefined) {
      this.#unhandled.push(error);
      return;
    }
    try {
      this.#onError(error);
    } catch (thrown) {
      this.#unhandled.push(thrown);
    }
  }

  #throwUnhandled(): void {
    const unhandled = this.#unhandled;
    this.#unhandled = [];
    if (unhandled.length === 1) throw unhandled[0];
    if (unhandled.length > 1) throw new AggregateError(unhandled, "several collections failed");
  }

  #staleNames(): string {
    return this.#collections
      .flatMap((collection) => (collection.isStale ? [collection.name] : []))
      .join(", ");
  }
}

function endless(stale: string): CollectionError {
  return new CollectionError(
    "endless",
    { collection: stale },
    `subscribers wrote to ${stale} in answer to each other ${maxPasses} times: stopped until the next write`,
  );
}

/**
 * The first part of a streaming list (KEP-3157): the server sends what there is, as if it had just been made, then marks the
 * end of it, and goes on with changes. Nothing of it is shown before the end.
 */
import type { ObjectBook, Staged } from "./object-book.ts";
import type { WatchEvent } from "./watch-event.ts";

export class InitialState<T> {
  readonly #book: ObjectBook<T>;
  readonly #staged: Staged<T>;
  readonly #onComplete: (publish: () => void) => void;
  #isComplete = false;

  constructor({ book, onComplete }: { book: ObjectBook<T>; onComplete: (publish: () => void) => void }) {
    this.#book = book;
    this.#staged = book.stage();
    this.#onComplete = onComplete;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Returns what comes behind the end of the state. */
  take(events: readonly WatchEvent[]): readonly WatchEvent[] {
    for (const [at, event] of events.entries()) {
      if (this.#isComplete) return events.slice(at);
      this.#takeOne(event);
    }
    return [];
  }

  #takeOne(event: WatchEvent): void {
    switch (event.type) {
      case "error":
        throw event.error;
      case "change":
        this.#book.addStaged(this.#staged, event.object, event.isDelete);
        return;
      case "bookmark":
        if (!event.isInitialEnd) return;
        this.#isComplete = true;
        this.#onComplete(() => this.#book.publish(this.#staged, event.version));
        return;
    }
  }
}

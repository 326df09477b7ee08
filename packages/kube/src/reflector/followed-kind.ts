/**
 * What is known of the followed kind, and how news of it gets into the collection: changes in batches, complete lists at
 * once. Whoever asks the server (open-reflector.ts) brings the news; nothing here waits or asks.
 */
import type { KubeObject } from "../kube-object.ts";
import { ApiError } from "../transport/api-error.ts";
import { ObjectBook, type ObjectBookOptions } from "./object-book.ts";
import type { ReflectorReport } from "./reflector-report.ts";
import { isOlder } from "./resource-version.ts";
import type { WatchEvent } from "./watch-event.ts";

export interface FollowedKindOptions<T> extends Omit<ObjectBookOptions<T>, "onPoison"> {
  readonly batch: (write: () => void) => void;
  readonly report: ReflectorReport;
}

export class FollowedKind<T> {
  readonly book: ObjectBook<T>;
  readonly #batch: (write: () => void) => void;
  readonly #report: ReflectorReport;
  readonly #synced = Promise.withResolvers<void>();
  #isSynced = false;
  #isServed = true;

  constructor({ into, key, strip, batch, report }: FollowedKindOptions<T>) {
    const onPoison = (object: string, thrown: unknown): void => report.poisoned(object, thrown);
    this.book = new ObjectBook({ into, key, strip, onPoison });
    this.#batch = batch;
    this.#report = report;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  get isServed(): boolean {
    return this.#isServed;
  }

  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Throws what an ERROR event says, after what came before it. */
  take(events: readonly WatchEvent[]): void {
    let stale = 0;
    try {
      this.#settle(() => {
        for (const event of events) if (!this.#takeOne(event)) stale++;
      });
    } finally {
      this.#report.took(events.length, stale);
      this.#report.holds(this.book.size);
    }
  }

  /** A complete list. */
  publish(replace: () => void): void {
    this.#settle(replace);
    this.#report.listed(this.book.size);
    this.#report.holds(this.book.size);
    if (!this.#isServed) this.#report.appeared();
    this.#isServed = true;
    this.#markSynced();
  }

  /** The server does not know the kind: there are none. */
  markAbsent(): void {
    if (this.book.size > 0) this.#settle(() => this.book.publish(this.book.stage(), "0"));
    this.book.forgetVersion();
    this.#report.holds(0);
    if (this.#isServed) this.#report.absent();
    this.#isServed = false;
    this.#markSynced();
  }

  /** The server is at `found`. True if that is before what we know: list anew. */
  noteRegress(found: string): boolean {
    const known = this.book.version;
    if (known === undefined || !isOlder(found, known)) return false;
    this.#report.regressed(known, found);
    this.book.forgetVersion();
    return true;
  }

  /** False: old news. */
  #takeOne(event: WatchEvent): boolean {
    switch (event.type) {
      case "change":
        return this.#apply(event.object, event.isDelete);
      case "bookmark":
        if (this.noteRegress(event.version)) throw regressed();
        this.book.bookmark(event.version);
        return true;
      case "error":
        throw event.error;
    }
  }

  #apply(object: KubeObject, isDelete: boolean): boolean {
    try {
      return this.book.apply(object, isDelete);
    } catch (thrown) {
      this.#report.misled(thrown);
      return true;
    }
  }

  /** Who follows the collection and throws must not stop it, nor make the server look bad. */
  #settle(write: () => void): void {
    try {
      this.#batch(write);
    } catch (thrown) {
      if (thrown instanceof ApiError) throw thrown;
      this.#report.misled(thrown);
    }
  }

  #markSynced(): void {
    this.#isSynced = true;
    this.#synced.resolve();
  }
}

function regressed(): ApiError {
  const message = "a bookmark of an older version than the one that is known";
  return new ApiError({ status: 410, reason: "Expired", message });
}

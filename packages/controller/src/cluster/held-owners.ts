/**
 * Objects that name others which are watched one by one (named-watches.ts): one is shown once what it names is known, or the wait
 * for that is over; until then its version before is. Otherwise a restart, or an object that names another Secret, would shut what
 * it protects for as long as the answer takes.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { Collection, CollectionGraph, Event, SourceCollection } from "@waystone/collection/collection";
import type { NamedWatches } from "./named-watches.ts";

export interface Need {
  readonly of: Pick<NamedWatches<unknown>, "need" | "release" | "isKnown" | "onKnown">;
  /** "<namespace>/<name>" */
  readonly key: string;
}

export interface HeldOwnersOptions<T> {
  readonly graph: CollectionGraph;
  readonly clock: Clock;
  /** Plural and in lower case: "gateways". */
  readonly name: string;
  /** As the API server has them. */
  readonly followed: Collection<T>;
  readonly key: (item: T) => string;
  readonly needsOf: (item: T) => readonly Need[];
  /** What is named in `needsOf` at most. */
  readonly watches: readonly Need["of"][];
}

/** One whose needs cannot be read is shown after this, and says so. */
const patienceMs = 2000;

interface Held<T> {
  readonly item: T;
  readonly timer: Timer;
}

export class HeldOwners<T> {
  readonly shown: SourceCollection<T>;
  readonly #options: HeldOwnersOptions<T>;
  readonly #needs = new Map<string, readonly Need[]>();
  readonly #held = new Map<string, Held<T>>();
  readonly #stops: readonly (() => void)[];
  #next = Promise.withResolvers<void>();

  constructor(options: HeldOwnersOptions<T>) {
    this.#options = options;
    const { graph, followed, name, key, watches } = options;
    this.shown = graph.source<T>({ name: `shown ${name}`, key });
    const follow = (events: readonly Event<T>[]): void => {
      graph.batch(() => events.forEach((event) => this.#follow(event)));
    };
    this.#stops = [
      ...watches.map((each) => each.onKnown(() => this.#showKnown())),
      followed.subscribe(follow, { replay: true }),
    ];
  }

  /** Resolves when none is held back any more: each for as long as its patience lasts, at most. */
  async whenSettled(): Promise<void> {
    while (this.#held.size > 0) await this.#next.promise;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const { timer } of this.#held.values()) timer.cancel();
    this.#held.clear();
    this.#wake();
  }

  #follow(event: Event<T>): void {
    const { key } = event;
    this.#held.get(key)?.timer.cancel();
    this.#held.delete(key);
    this.#wake();
    if (event.type === "delete") {
      this.#need(key, []);
      this.shown.delete(key);
      return;
    }
    // What the version before names is still needed until this one is shown.
    this.#need(key, [...(this.#needs.get(key) ?? []), ...this.#options.needsOf(event.item)]);
    if (this.#isKnown(key)) return this.#show(key, event.item);
    const timer = this.#options.clock.after(patienceMs, () => this.#show(key, event.item));
    this.#held.set(key, { item: event.item, timer });
  }

  #need(owner: string, needs: readonly Need[]): void {
    const by = `${this.#options.name} ${owner}`;
    const before = this.#needs.get(owner) ?? [];
    for (const need of needs) need.of.need(need.key, by);
    for (const need of before) if (!needs.some((each) => isSame(each, need))) need.of.release(need.key, by);
    if (needs.length === 0) this.#needs.delete(owner);
    else this.#needs.set(owner, needs);
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  #isKnown(owner: string): boolean {
    return (this.#needs.get(owner) ?? []).every((need) => need.of.isKnown(need.key));
  }

  #showKnown(): void {
    for (const [key, { item }] of this.#held) if (this.#isKnown(key)) this.#show(key, item);
  }

  #show(key: string, item: T): void {
    this.#held.get(key)?.timer.cancel();
    this.#held.delete(key);
    this.shown.set(item);
    this.#need(key, this.#options.needsOf(item));
    this.#wake();
  }
}

function isSame(a: Need, b: Need): boolean {
  return a.of === b.of && a.key === b.key;
}

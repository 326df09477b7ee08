/**
 * Objects of a kind that is not followed as a whole, each watched by its name for as long as somebody needs it: ConfigMaps, of
 * which there are more than anybody wants to hold, and Secrets, which only their owners' grants let us read.
 *
 * One that may not be read is in `refused`, and asked for again until it may. A grant that was taken back takes the object with it,
 * after a while: an API server that starts answers 403 for a moment, and that must shut nobody out.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import type { RefusedName, SourcedObject } from "../model/sources.ts";
import { PartOfCollection } from "./part-of-collection.ts";

export interface NamedWatchesOptions<T> {
  readonly graph: CollectionGraph;
  readonly clock: Clock;
  /** Of the collections: "cluster secrets". */
  readonly name: string;
  readonly open: (watch: NamedWatch<T>) => Reflector;
}

export interface NamedWatch<T> {
  readonly namespace: string;
  readonly name: string;
  readonly into: SourceCollection<SourcedObject<T>>;
  readonly onForbidden: (isForbidden: boolean) => void;
}

/** Each is a watch: beyond it an object counts as not there. */
const watchedAtMost = 1000;
/** So long an object that was read stays, while the API server says that it may not be. */
const withdrawAfterMs = 30_000;

interface Watched<T> {
  readonly into: PartOfCollection<SourcedObject<T>>;
  readonly reflector: Reflector;
  readonly by: Set<string>;
  withdrawal: Timer | undefined;
}

export class NamedWatches<T> {
  readonly objects: SourceCollection<SourcedObject<T>>;
  readonly refused: SourceCollection<RefusedName>;
  readonly #options: NamedWatchesOptions<T>;
  readonly #watched = new Map<string, Watched<T>>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: NamedWatchesOptions<T>) {
    this.#options = options;
    const { graph, name } = options;
    this.objects = graph.source<SourcedObject<T>>({ name, key: ({ key }) => key });
    this.refused = graph.source<RefusedName>({ name: `refused ${name}`, key: ({ key }) => key });
  }

  /** From now on `by` needs the object, "<namespace>/<name>". */
  need(key: string, by: string): void {
    const watched = this.#watched.get(key);
    if (watched !== undefined) watched.by.add(by);
    else if (this.#watched.size < watchedAtMost) this.#watch(key, new Set([by]));
  }

  release(key: string, by: string): void {
    const watched = this.#watched.get(key);
    if (watched?.by.delete(by) !== true || watched.by.size > 0) return;
    this.#end(key, watched);
    this.refused.delete(key);
  }

  /** Not by a refusal: an API server that starts refuses for a moment. */
  isKnown(key: string): boolean {
    return this.#watched.get(key)?.reflector.isSynced ?? true;
  }

  /** Called when one more is known. Returns the way to stop. */
  onKnown(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    for (const [key, watched] of this.#watched) this.#stop(key, watched);
    await Promise.all(this.#closing);
  }

  #watch(key: string, by: Set<string>): void {
    const [namespace = "", name = ""] = key.split("/");
    const into = new PartOfCollection(this.objects, key);
    const onForbidden = (isForbidden: boolean): void => {
      const watched = this.#watched.get(key);
      if (watched?.into === into) this.#judge(key, watched, isForbidden);
    };
    const reflector = this.#options.open({ namespace, name, into, onForbidden });
    this.#watched.set(key, { into, reflector, by, withdrawal: undefined });
    void reflector.whenSynced().then(() => {
      if (this.#watched.get(key)?.into === into) this.refused.delete(key);
      this.#announce();
    });
  }

  #judge(key: string, watched: Watched<T>, isForbidden: boolean): void {
    if (!isForbidden) {
      watched.withdrawal?.cancel();
      watched.withdrawal = undefined;
      this.refused.delete(key);
      return;
    }
    if (!watched.reflector.isSynced) {
      this.refused.set({ key });
      return;
    }
    watched.withdrawal ??= this.#options.clock.after(withdrawAfterMs, () => this.#withdraw(key, watched));
  }

  /** Begun anew: a watch that goes on from where it was would not tell the object again, once it may. */
  #withdraw(key: string, watched: Watched<T>): void {
    this.#options.graph.batch(() => {
      this.#end(key, watched);
      this.refused.set({ key });
    });
    this.#watch(key, watched.by);
  }

  #end(key: string, watched: Watched<T>): void {
    watched.into.end();
    this.#stop(key, watched);
  }

  #stop(key: string, watched: Watched<T>): void {
    this.#watched.delete(key);
    watched.withdrawal?.cancel();
    const closed = watched.reflector.close().then(() => void this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Objects of a kind that is not followed as a whole, each watched by its name for as long as somebody needs it: ConfigMaps, of
 * which there are more than anybody wants to hold, and Secrets, which only their owners' grants let us read.
 *
 * Each is a watch, so there are not more than a number of them at a time, and not more than a share of it of one namespace; those
 * beyond are in `refused`, and take the places that are given back. One that may not be read is there as well, and asked for again until it may. A grant that was taken back takes the object with it,
 * after a while: an API server that starts answers 403 for a moment, and that must shut nobody out.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import { watchedAtMost, watchedOfNamespaceAtMost } from "../model/named-limit.ts";
import type { RefusedName, SourcedObject } from "../model/sources.ts";
import { PartOfCollection } from "./part-of-collection.ts";

export interface NamedWatchesOptions<T> {
  readonly graph: CollectionGraph;
  readonly clock: Clock;
  /** Of the collections: "cluster secrets". */
  readonly name: string;
  readonly open: (watch: NamedWatch<T>) => Reflector;
  /** Unless given, as in named-limit.ts. */
  readonly atMost?: number;
  readonly ofNamespaceAtMost?: number;
}

export interface NamedWatch<T> {
  readonly namespace: string;
  readonly name: string;
  readonly into: SourceCollection<SourcedObject<T>>;
  readonly onForbidden: (isForbidden: boolean) => void;
}

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
  /** How many of `#watched` each namespace has. */
  readonly #perNamespace = new Map<string, number>();
  /** One too many each, in the order of their coming, and who needs them. */
  readonly #waiting = new Map<string, Set<string>>();
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
    const known = this.#watched.get(key)?.by ?? this.#waiting.get(key);
    if (known !== undefined) return void known.add(by);
    const why = this.#whyNot(key);
    if (why === undefined) return this.#watch(key, new Set([by]));
    this.#waiting.set(key, new Set([by]));
    this.refused.set({ key, why });
  }

  /** Undefined: there is a place for it. A namespace that has its share is told so, whatever the others have. */
  #whyNot(key: string): RefusedName["why"] | undefined {
    const { atMost = watchedAtMost, ofNamespaceAtMost = watchedOfNamespaceAtMost } = this.#options;
    if ((this.#perNamespace.get(namespaceOf(key)) ?? 0) >= ofNamespaceAtMost) return "too-many-of-namespace";
    return this.#watched.size < atMost ? undefined : "too-many";
  }

  release(key: string, by: string): void {
    const watched = this.#watched.get(key);
    const users = watched?.by ?? this.#waiting.get(key);
    if (users?.delete(by) !== true || users.size > 0) return;
    this.#waiting.delete(key);
    this.refused.delete(key);
    if (watched === undefined) return;
    this.#end(key, watched);
    this.#watchNext();
  }

  /** A place was given back: the first has it that may. Why the others wait may be another reason by then. */
  #watchNext(): void {
    for (const [key, by] of this.#waiting) {
      const why = this.#whyNot(key);
      if (why !== undefined) {
        if (this.refused.get(key)?.why !== why) this.refused.set({ key, why });
        continue;
      }
      this.#waiting.delete(key);
      this.refused.delete(key);
      this.#watch(key, by);
    }
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
    this.#count(namespace, 1);
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
      this.refused.set({ key, why: "forbidden" });
      return;
    }
    watched.withdrawal ??= this.#options.clock.after(withdrawAfterMs, () => this.#withdraw(key, watched));
  }

  /** Begun anew: a watch that goes on from where it was would not tell the object again, once it may. */
  #withdraw(key: string, watched: Watched<T>): void {
    this.#options.graph.batch(() => {
      this.#end(key, watched);
      this.refused.set({ key, why: "forbidden" });
    });
    this.#watch(key, watched.by);
  }

  #end(key: string, watched: Watched<T>): void {
    watched.into.end();
    this.#stop(key, watched);
  }

  #stop(key: string, watched: Watched<T>): void {
    this.#watched.delete(key);
    this.#count(namespaceOf(key), -1);
    watched.withdrawal?.cancel();
    const closed = watched.reflector.close().then(() => void this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #count(namespace: string, more: number): void {
    const count = (this.#perNamespace.get(namespace) ?? 0) + more;
    if (count === 0) this.#perNamespace.delete(namespace);
    else this.#perNamespace.set(namespace, count);
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

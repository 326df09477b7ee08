/**
 * What one waypoint has asked for of one type, was last told of each name, and is still to be told. This is all that a
 * waypoint costs while it does not read: names and versions (strings that the catalog has too), never bytes.
 *
 * Time is counted in sequence numbers, one per change of the catalog or request. A waiting name remembers the first change
 * that it waits for and the last, which is what plan-push.ts orders by.
 */
import type { EncodedResource } from "../resource.ts";
import type { CatalogView } from "./catalog-view.ts";

export interface Waiting {
  readonly first: number;
  readonly last: number;
}

/** The version of what does not exist, for a waypoint that asked for it by name and was told so. */
const absent = "";
const wildcardName = "*";

export class Subscription {
  readonly typeUrl: string;
  wildcard = false;
  readonly names = new Set<string>();
  /** Versions as last sent. A refused version counts too: it is not sent again until the content changes. */
  readonly told = new Map<string, string>();
  /** In order of `first`: a name keeps its place while it waits. */
  readonly waiting = new Map<string, Waiting>();
  /** While the first snapshot is not sent in full: the sequence number it was asked for at. */
  firstSnapshotAt: number | undefined;

  constructor(typeUrl: string) {
    this.typeUrl = typeUrl;
  }

  /**
   * Takes everything, except what the waypoint says it has: only differences are then to be told. The first requests of a
   * stream all count as made `at` one time, but what the catalog shows is of `now`.
   */
  openWildcard(view: CatalogView, held: ReadonlyMap<string, string>, at: number, now: number): void {
    this.wildcard = true;
    this.firstSnapshotAt = at;
    const waiting = { first: at, last: now };
    const gone = new Set(held.keys());
    for (const resource of view.list(this.typeUrl)) {
      gone.delete(resource.name);
      const version = held.get(resource.name);
      if (version !== undefined) this.told.set(resource.name, version);
      if (version !== resource.version) this.waiting.set(resource.name, waiting);
    }
    for (const name of gone) {
      this.told.set(name, held.get(name) ?? absent);
      this.waiting.set(name, waiting);
    }
  }

  /** A name that is asked for again is told again, whatever was told before: the waypoint may have dropped it. */
  addNames(names: readonly string[], held: ReadonlyMap<string, string>, at: number): void {
    for (const name of names) {
      if (name === wildcardName && this.wildcard) continue;
      this.names.add(name);
      const version = held.get(name);
      if (version === undefined) this.told.delete(name);
      else this.told.set(name, version);
      this.#wait(name, at);
    }
  }

  dropNames(names: readonly string[]): void {
    for (const name of names) {
      if (name === wildcardName && this.wildcard) this.#dropWildcard();
      if (!this.names.delete(name) || this.wildcard) continue;
      this.told.delete(name);
      this.waiting.delete(name);
    }
  }

  /** Notes a change, unless it is none of this waypoint's business. */
  noteChange(name: string, view: CatalogView, at: number): void {
    if (!this.wildcard && !this.names.has(name)) return;
    if (this.told.has(name) || this.names.has(name) || view.get(this.typeUrl, name) !== undefined) {
      this.#wait(name, at);
    }
  }

  isNews(name: string, resource: EncodedResource | undefined): boolean {
    const told = this.told.get(name);
    if (resource !== undefined) return told !== resource.version;
    return told !== absent && (told !== undefined || this.names.has(name));
  }

  markSent(upserts: readonly EncodedResource[], removals: readonly string[]): void {
    for (const { name, version } of upserts) {
      this.waiting.delete(name);
      this.told.set(name, version);
    }
    for (const name of removals) {
      this.waiting.delete(name);
      if (this.names.has(name)) this.told.set(name, absent);
      else this.told.delete(name);
    }
  }

  /** Whether something of the first snapshot has yet to be sent. */
  hasFirstSnapshotNames(): boolean {
    return this.firstSnapshotAt !== undefined && this.oldestName() <= this.firstSnapshotAt;
  }

  /** The sequence number of what waits longest, Infinity where nothing does. An empty first snapshot is owed too. */
  oldest(): number {
    return Math.min(this.oldestName(), this.firstSnapshotAt ?? Infinity);
  }

  oldestName(): number {
    for (const { first } of this.waiting.values()) return first;
    return Infinity;
  }

  #dropWildcard(): void {
    this.wildcard = false;
    this.firstSnapshotAt = undefined;
    for (const name of this.told.keys()) if (!this.names.has(name)) this.told.delete(name);
    for (const name of this.waiting.keys()) if (!this.names.has(name)) this.waiting.delete(name);
  }

  #wait(name: string, at: number): void {
    const known = this.waiting.get(name);
    this.waiting.set(name, { first: known?.first ?? at, last: at });
  }
}

/** All that one waypoint has asked for, by type. See subscription.ts for one type. */
import type { DeltaRequest } from "@waystone/api/discovery";
import { wildcardTypeUrls } from "@waystone/api/names";
import type { CatalogChange } from "../resource.ts";
import { type CatalogView, isAskedForByName } from "./catalog-view.ts";
import type { Verdict } from "./judge-push.ts";
import type { DeltaServerSettings } from "./settings.ts";
import { Subscription } from "./subscription.ts";

export class Subscriptions {
  readonly #byType = new Map<string, Subscription>();

  all(): ReadonlyMap<string, Subscription> {
    return this.#byType;
  }

  /** Whether all types that depend on each other are there. */
  get isWhole(): boolean {
    return wildcardTypeUrls.every((typeUrl) => this.#byType.has(typeUrl));
  }

  /** Names that wait to be told, over all types. */
  get waitingNames(): number {
    let count = 0;
    for (const { waiting } of this.#byType.values()) count += waiting.size;
    return count;
  }

  /** The sequence number of what waits longest, Infinity where nothing does. */
  oldest(): number {
    let oldest = Infinity;
    for (const subscription of this.#byType.values()) oldest = Math.min(oldest, subscription.oldest());
    return oldest;
  }

  /** Whether a request asks for something, and is not a mere answer. */
  isAsking({ typeUrl, resourceNamesSubscribe }: DeltaRequest): boolean {
    return !this.#byType.has(typeUrl ?? "") || (resourceNamesSubscribe ?? []).length > 0;
  }

  /**
   * Takes the subscriptions of a request. Answers with what the waypoint says it runs already: accepted in an earlier
   * stream, perhaps of another controller.
   */
  take(request: DeltaRequest, view: CatalogView, at: number, now: number): Verdict[] {
    const typeUrl = request.typeUrl ?? "";
    const asked = request.resourceNamesSubscribe ?? [];
    const known = this.#byType.get(typeUrl);
    if (known !== undefined) {
      known.dropNames(request.resourceNamesUnsubscribe ?? []);
      known.addNames(asked, new Map(), at);
      return [];
    }
    const subscription = new Subscription(typeUrl);
    this.#byType.set(typeUrl, subscription);
    const held = new Map(Object.entries(request.initialResourceVersions ?? {}));
    const wantsAll = asked.length === 0 || asked.includes("*");
    if (wantsAll && !isAskedForByName(typeUrl)) subscription.openWildcard(view, held, at, now);
    subscription.addNames(asked, held, at);
    return [...subscription.told].map(([name, version]) => ({ name, version }));
  }

  noteChange(change: CatalogChange, view: CatalogView, at: number): void {
    for (const [typeUrl, names] of change.changed) {
      const subscription = this.#byType.get(typeUrl);
      if (subscription === undefined) continue;
      for (const name of names) subscription.noteChange(name, view, at);
    }
  }

  /** What makes this more than one waypoint can need, if it is. */
  excess({ namesPerStream, typesPerStream }: DeltaServerSettings): string | undefined {
    let names = 0;
    for (const subscription of this.#byType.values()) names += subscription.names.size;
    if (names > namesPerStream) return `asked for more than ${namesPerStream} resources by name`;
    if (this.#byType.size > typesPerStream) return `asked for more than ${typesPerStream} types`;
    return undefined;
  }

  clear(): void {
    this.#byType.clear();
  }
}

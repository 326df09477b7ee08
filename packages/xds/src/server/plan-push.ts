/**
 * Picks what one waypoint is told next: one response of one type, no larger than the limit.
 *
 * Order: additions and changes in the order of `wildcardTypeUrls`, then removals in the reverse order, so that nothing
 * ever points at what is not there (endpoints before routes on add, after on delete). A name may overtake names of
 * earlier stages that began to wait after its own last change, for it cannot depend on those: busy endpoints never hold up
 * routes or removals for ever. Types asked for by name depend on nothing and take turns by age.
 */
import { wildcardTypeUrls } from "@waystone/api/names";
import type { EncodedResource } from "../resource.ts";
import { wrapResource } from "../wrap-resource.ts";
import type { CatalogView } from "./catalog-view.ts";
import type { Subscription } from "./subscription.ts";

export interface Push {
  readonly subscription: Subscription;
  readonly upserts: readonly EncodedResource[];
  readonly removals: readonly string[];
}

interface Item {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly resource: EncodedResource | undefined;
}

interface Stage {
  readonly subscription: Subscription;
  readonly items: readonly Item[];
  /** Of all items: what later stages wait for. */
  readonly oldest: number;
}

/** A field tag and a length, at most. */
const fieldOverhead = 6;

export function planPush(
  subscriptions: ReadonlyMap<string, Subscription>,
  view: CatalogView,
  limitBytes: number,
): Push | undefined {
  const sorted = new Map([...subscriptions.values()].map((one) => [one.typeUrl, sortWaiting(one, view)]));
  const dependent = wildcardTypeUrls.flatMap((typeUrl) => sorted.get(typeUrl) ?? []);
  for (const typeUrl of wildcardTypeUrls) sorted.delete(typeUrl);
  const ordered = [
    ...dependent.map((one) => one.upserts),
    ...dependent.map((one) => one.removals).toReversed(),
  ];

  let oldest = Infinity;
  let chosen: (() => Push) | undefined;
  const offer = (age: number, plan: () => Push): void => {
    if (age >= oldest) return;
    oldest = age;
    chosen = plan;
  };
  for (const { upserts, removals } of sorted.values()) {
    const both = [...upserts.items, ...removals.items].sort((a, b) => a.first - b.first);
    offer(both[0]?.first ?? owedFirstSnapshot(upserts, true), () =>
      fillPush(upserts.subscription, both, limitBytes),
    );
  }
  ordered.forEach((stage, index) => {
    const free = freeItems(ordered, index);
    offer(free[0]?.first ?? owedFirstSnapshot(stage, index < dependent.length), () => {
      const companions = free.length === stage.items.length ? companionRemovals(ordered, index) : [];
      return fillPush(stage.subscription, [...free, ...companions], limitBytes);
    });
  });
  return chosen?.();
}

/** What waits of one type, as of now; names that turned out to be no news are forgotten. */
function sortWaiting(subscription: Subscription, view: CatalogView): { upserts: Stage; removals: Stage } {
  const upserts: Item[] = [];
  const removals: Item[] = [];
  for (const [name, { first, last }] of subscription.waiting) {
    const resource = view.get(subscription.typeUrl, name);
    if (!subscription.isNews(name, resource)) subscription.waiting.delete(name);
    else (resource === undefined ? removals : upserts).push({ name, first, last, resource });
  }
  return { upserts: buildStage(subscription, upserts), removals: buildStage(subscription, removals) };
}

function buildStage(subscription: Subscription, items: readonly Item[]): Stage {
  return { subscription, items, oldest: items[0]?.first ?? Infinity };
}

/** An empty response is owed where a first snapshot has nothing (more) to say. */
function owedFirstSnapshot(stage: Stage, addsOrChanges: boolean): number {
  const { subscription } = stage;
  if (!addsOrChanges || subscription.hasFirstSnapshotNames()) return Infinity;
  return subscription.firstSnapshotAt ?? Infinity;
}

function freeItems(ordered: readonly Stage[], index: number, except = index): readonly Item[] {
  let before = Infinity;
  for (let i = 0; i < index; i++) if (i !== except) before = Math.min(before, ordered[i]!.oldest);
  return ordered[index]!.items.filter((item) => item.last < before);
}

/** Removals of the same type that nothing but this push holds back ride along: a renamed route changes in one step. */
function companionRemovals(ordered: readonly Stage[], index: number): readonly Item[] {
  const mirror = ordered.length - 1 - index;
  return mirror > index ? freeItems(ordered, mirror, index) : [];
}

function fillPush(subscription: Subscription, items: readonly Item[], limitBytes: number): Push {
  const upserts: EncodedResource[] = [];
  const removals: string[] = [];
  let bytes = 0;
  for (const { name, resource } of items) {
    const size = resource === undefined ? Buffer.byteLength(name) : wrapResource(resource).length;
    bytes += size + fieldOverhead;
    // One resource always goes, however large: it can't be split.
    if (bytes > limitBytes && upserts.length + removals.length > 0) break;
    if (resource === undefined) removals.push(name);
    else upserts.push(resource);
  }
  return { subscription, upserts, removals };
}

/**
 * What a route's header modifier does to a request before the next Service is asked, and what is done only as the request is written:
 * headers that the proxy writes itself are not what came, so nobody is asked about them. Worked out once for each modifier of a
 * configuration, when the first request needs it.
 */
import { changesOf, type HeaderChange } from "@waystone/engine/headers/header-change";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { knownId } from "../http/known-headers.ts";
import type { Forwarding } from "./forwarding.ts";

interface SortedModifier {
  readonly changes: readonly HeaderChange[];
  /** Undefined: nothing. */
  readonly left: HeaderModifier | undefined;
}

type Dropped = Forwarding["dropped"];

/** What is dropped depends on whether the client is believed: there are two such tables. */
const known = new WeakMap<Dropped, WeakMap<HeaderModifier, SortedModifier>>();

export function sortModifier(modifier: HeaderModifier, dropped: Dropped): SortedModifier {
  let ofTable = known.get(dropped);
  if (ofTable === undefined) known.set(dropped, (ofTable = new WeakMap()));
  let sorted = ofTable.get(modifier);
  if (sorted === undefined) ofTable.set(modifier, (sorted = sort(modifier, dropped)));
  return sorted;
}

function sort(modifier: HeaderModifier, dropped: Dropped): SortedModifier {
  const isOurs = (name: string): boolean => dropped[knownId(name)] === 1;
  const left = only(modifier, isOurs);
  return {
    changes: changesOf(only(modifier, (name) => !isOurs(name))),
    left: changesAnything(left) ? left : undefined,
  };
}

function only({ set, add, removeNames }: HeaderModifier, isMeant: (name: string) => boolean): HeaderModifier {
  return {
    set: set.filter(({ lower }) => isMeant(lower)),
    add: add.filter(({ lower }) => isMeant(lower)),
    removeNames: new Set([...removeNames].filter(isMeant)),
  };
}

function changesAnything({ set, add, removeNames }: HeaderModifier): boolean {
  return set.length + add.length + removeNames.size > 0;
}

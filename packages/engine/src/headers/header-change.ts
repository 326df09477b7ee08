/** Changes of a message's headers, taken in order: what they come to, whatever holds the headers. */
import type { HeaderLine } from "./header-line.ts";
import type { HeaderModifier } from "./header-modifier.ts";

/** A step of a change; they are taken in order. */
export type HeaderChange =
  /** In place of all lines of that name; `onlyIfThere`: else nothing. */
  | { readonly kind: "set"; readonly header: HeaderLine; readonly onlyIfThere: boolean }
  /** Beside the lines of that name; `onlyIfAbsent`: only where there are none. */
  | { readonly kind: "add"; readonly header: HeaderLine; readonly onlyIfAbsent: boolean }
  /** In lower case. */
  | { readonly kind: "remove"; readonly name: string };

/** What a modifier does, step by step. */
export function changesOf({ set, add, removeNames }: HeaderModifier): HeaderChange[] {
  return [
    ...[...removeNames].map((name) => ({ kind: "remove", name }) as const),
    ...[...set, ...add].map((header) => ({ kind: "add", header, onlyIfAbsent: false }) as const),
  ];
}

export interface SettledChanges {
  /** Of the lines that came; in lower case. */
  readonly removed: readonly string[];
  /** Behind those that are left. */
  readonly added: readonly HeaderLine[];
}

/** `came`: whether there is a line of that name, in lower case, before any change. */
export function settleChanges(
  changes: readonly HeaderChange[],
  came: (name: string) => boolean,
): SettledChanges {
  const removed: string[] = [];
  let added: HeaderLine[] = [];
  const remove = (name: string): void => {
    if (!removed.includes(name)) removed.push(name);
    added = added.filter(({ lower }) => lower !== name);
  };
  const isThere = (name: string): boolean =>
    added.some(({ lower }) => lower === name) || (!removed.includes(name) && came(name));
  for (const change of changes) {
    if (change.kind === "remove") {
      remove(change.name);
      continue;
    }
    const { header } = change;
    if (change.kind === "add") {
      if (change.onlyIfAbsent && isThere(header.lower)) continue;
    } else {
      if (change.onlyIfThere && !isThere(header.lower)) continue;
      remove(header.lower);
    }
    added.push(header);
  }
  return { removed, added };
}

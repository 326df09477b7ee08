/** Which header lines survive a message's modifiers: the same for every protocol version. */
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";

/** Whether a modifier behind `index` removes the name (lower-case); -1 asks all of them. */
export function isRemovedAfter(modifiers: readonly HeaderModifier[], index: number, lower: string): boolean {
  for (let i = index + 1; i < modifiers.length; i++) if (modifiers[i]!.removeNames.has(lower)) return true;
  return false;
}

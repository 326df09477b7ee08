/**
 * Which lines of a header block came as never-indexed literals: they are sent on as such (RFC 7541 6.2.3, 7.1.3), so that
 * no table on the way lets anybody guess at them. Few messages have any; a copy of a block does not know of them.
 */
import type { HeaderBlock } from "../header-block.ts";

const sensitive = new WeakMap<HeaderBlock, Set<number>>();

export function markSensitive(headers: HeaderBlock, index: number): void {
  const lines = sensitive.get(headers);
  if (lines === undefined) sensitive.set(headers, new Set([index]));
  else lines.add(index);
}

/** By index; undefined for none. */
export function sensitiveLines(headers: HeaderBlock): ReadonlySet<number> | undefined {
  return sensitive.get(headers);
}

/**
 * Deep equality of plain data: what a collection compares items with unless told otherwise. It runs for every output of
 * every transformation, so it takes the shortest way to "different" and allocates next to nothing.
 *
 * A property that is absent differs from one that is undefined. Instances of classes it does not know are equal only to
 * themselves: their private fields can't be seen, and an event too many is safe where one too few is not.
 */

export function deepEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b);
  }
  // A Buffer may hold the same bytes as a plain Uint8Array.
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  const prototype: unknown = Object.getPrototypeOf(a);
  if (prototype !== Object.getPrototypeOf(b)) return false;
  if (prototype === Object.prototype || prototype === null) return equalRecords(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && equalArrays(a, b);
  if (a instanceof Map) return b instanceof Map && equalMaps(a, b);
  if (a instanceof Set) return b instanceof Set && a.size === b.size && a.isSubsetOf(b);
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof RegExp) return b instanceof RegExp && a.source === b.source && a.flags === b.flags;
  return false;
}

function equalRecords(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key of keys) {
    const value = right[key];
    if (value === undefined && !Object.hasOwn(right, key)) return false;
    if (!deepEquals(left[key], value)) return false;
  }
  return true;
}

function equalArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!deepEquals(a[i], b[i])) return false;
  return true;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Keys are compared as Map itself does. */
function equalMaps(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    if (!b.has(key) || !deepEquals(value, b.get(key))) return false;
  }
  return true;
}

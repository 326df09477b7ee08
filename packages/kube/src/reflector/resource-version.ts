/**
 * The order of resource versions. Kubernetes 1.35 made them comparable (KEP-5504): decimal numbers that may exceed what a
 * double holds. A server of another mind (an aggregated one) may send anything: then there is no order, and no event is
 * called old.
 */

/** Negative, 0 or positive as `a` is older, the same, or newer; undefined where that can't be told. */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!isDecimal(a) || !isDecimal(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

export function isOlder(a: string, b: string): boolean {
  const order = compareVersions(a, b);
  return order !== undefined && order < 0;
}

export function isSameOrOlder(a: string, b: string): boolean {
  const order = compareVersions(a, b);
  return order !== undefined && order <= 0;
}

function isDecimal(text: string): boolean {
  return /^(?:0|[1-9][0-9]*)$/.test(text);
}

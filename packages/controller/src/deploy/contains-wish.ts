/**
 * Whether everything that is wished for is there. What others added (defaults of the API server, labels and annotations of
 * other tools, replicas of an autoscaler) is not in the wish, and is theirs.
 */
export function containsWish(live: unknown, wish: unknown): boolean {
  if (Array.isArray(wish)) {
    if (!Array.isArray(live) || live.length !== wish.length) return false;
    return wish.every((item, at) => containsWish(live[at], item));
  }
  if (isRecord(wish)) {
    if (!isRecord(live)) return false;
    return Object.entries(wish).every(([name, value]) => containsWish(live[name], value));
  }
  return live === wish;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Weighted choice among a rule's backends: a fresh pick for every request, whatever its connection did before. */
import type { Rng } from "@waystone/base/rng";

/**
 * The index of a weight, with a chance of its share. `cumulative` has the running sums of the weights: the last is the
 * total. A weight of 0 is never picked; -1 where nothing may be.
 */
export function pickWeighted(cumulative: readonly number[], rng: Rng): number {
  const count = cumulative.length;
  if (count === 0) return -1;
  const total = cumulative[count - 1]!;
  if (total <= 0) return -1;
  const point = rng.next() * total;
  // Rules have at most 16 backends: a scan is the quickest search.
  for (let index = 0; index < count; index++) {
    if (point < cumulative[index]!) return index;
  }
  // Only where a product rounds up to the total itself: the last index that has a weight.
  let last = count - 1;
  while (last > 0 && cumulative[last] === cumulative[last - 1]) last--;
  return last;
}

/** The running sums that pickWeighted reads. */
export function cumulativeWeights(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** "Did you mean": the closest word of a list. For error messages, so a wrong guess is worse than none. */

/** Longer words are not compared: nobody mistypes them into one another, and the cost grows with the square. */
const maxLength = 64;

/**
 * The candidate that is fewest typing errors away (a letter too many, too few, wrong, or two swapped; case does not
 * count, and an ending left out or added counts as one), the first of equals. Undefined where none is close: up to one
 * error in three letters.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word === "" || word.length > maxLength) return undefined;
  const typed = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === "" || candidate.length > maxLength) continue;
    const distance = distanceBetween(typed, candidate.toLowerCase(), bestDistance);
    // As many errors as letters is another word, not a mistyped one.
    if (distance < Math.min(bestDistance, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Exact below `limit`; what is at or above it need not be. */
function distanceBetween(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const surplus = long.length - short.length;
  if (long.startsWith(short) && surplus <= short.length / 2) return 1;
  return surplus >= limit ? limit : editDistance(a, b);
}

/** Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, substitution);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** Which of two policies goes first where both say something about one thing: the older, then the name (GEP-713). */

export interface Aged {
  /** Unix time; 0 where unknown. */
  readonly createdAtSeconds: number;
  /** "<Kind>/<namespace>/<name>" */
  readonly key: string;
}

/** For sorting: negative where `a` goes first. */
export function compareByAge(a: Aged, b: Aged): number {
  const age = a.createdAtSeconds - b.createdAtSeconds;
  if (age !== 0) return age;
  return a.key < b.key ? -1 : a.key === b.key ? 0 : 1;
}

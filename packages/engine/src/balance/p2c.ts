/**
 * Least-request of two random choices: nearly as even as looking at all endpoints, at the cost of two, and no herd runs
 * to the one that just came back (Mitzenmacher 2001). Load is what is under way in this worker.
 */
import type { Rng } from "@waystone/base/rng";

export interface Loaded {
  /** Requests and connections under way. */
  readonly active: number;
}

/** `exclude`: the endpoint that just failed, picked only where there is no other. Undefined where there is none at all. */
export function pickLeastRequest<T extends Loaded>(
  endpoints: readonly T[],
  rng: Rng,
  exclude?: T,
): T | undefined {
  const count = endpoints.length;
  if (count < 2) return endpoints[0];
  const skip = exclude === undefined ? -1 : endpoints.indexOf(exclude);
  const choices = skip < 0 ? count : count - 1;
  const first = Math.floor(rng.next() * choices);
  const one = endpoints[stepOver(first, skip)]!;
  if (choices === 1) return one;
  // A second, different one: any of the others with equal chance.
  const offset = 1 + Math.floor(rng.next() * (choices - 1));
  const other = endpoints[stepOver((first + offset) % choices, skip)]!;
  return other.active < one.active ? other : one;
}

/** Turns a position among the others into a position among all. */
function stepOver(position: number, skip: number): number {
  return skip >= 0 && position >= skip ? position + 1 : position;
}

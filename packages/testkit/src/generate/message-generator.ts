/**
 * Requests by the thousand, repeatable from a seed: about half are right (valid-request.ts), the others carry one mutation of
 * the reliability cases, some of them two.
 */
import type { Rng } from "@waystone/base/rng";
import { chooseOne, happens } from "./choose.ts";
import { chunkMutations } from "./chunk-mutations.ts";
import { framingMutations } from "./framing-mutations.ts";
import { lineMutations } from "./line-mutations.ts";
import type { Mutation, MutationVerdict } from "./mutation.ts";
import { targetMutations } from "./target-mutations.ts";
import { generateValidRequest, type RequestMeaning } from "./valid-request.ts";
import { toBytes } from "./wire-message.ts";

export interface GeneratedMessage {
  /** In its header x-case. */
  readonly id: string;
  readonly bytes: Buffer;
  readonly verdict: "valid" | MutationVerdict;
  /** "F03 a length that is no plain number" for each mutation. */
  readonly mutations: readonly string[];
  /** What it means, when it is valid. */
  readonly meaning: RequestMeaning | undefined;
}

export const allMutations: readonly Mutation[] = [
  ...framingMutations,
  ...chunkMutations,
  ...lineMutations,
  ...targetMutations,
];

const validShare = 0.5;
const secondMutationShare = 0.1;

export function generateMessage(rng: Rng, id: string): GeneratedMessage {
  const { wire, meaning } = generateValidRequest(rng, id);
  if (happens(rng, validShare)) return { id, bytes: toBytes(wire), verdict: "valid", mutations: [], meaning };
  const first = chooseOne(rng, allMutations);
  const chosen = happens(rng, secondMutationShare) ? [first, chooseOne(rng, allMutations)] : [first];
  const mutated = chosen.reduce((message, mutation) => mutation.apply(message, rng), wire);
  return {
    id,
    bytes: toBytes(mutated),
    // Two may undo each other: of two, nothing is promised but that all readers agree.
    verdict: chosen.length === 1 ? first.verdict : "doubt",
    mutations: chosen.map((mutation) => `${mutation.id} ${mutation.name}`),
    meaning: undefined,
  };
}

/** The generator as a fast-check arbitrary: a failure names its seed, and the same seed makes the same bytes. */
import { seededRng } from "@waystone/base/rng";
import * as fc from "../fast-check.ts";
import { type GeneratedMessage, generateMessage } from "./message-generator.ts";

export function messageArbitrary(): fc.Arbitrary<GeneratedMessage & { readonly seed: number }> {
  return fc.nat().map((seed) => ({ seed, ...generateMessage(seededRng(seed), `case-${seed}`) }));
}

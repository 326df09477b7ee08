/** Choices out of an Rng: the generator's whole vocabulary of chance. */
import type { Rng } from "@waystone/base/rng";

/** A whole number, both ends included. */
export function chooseInt(rng: Rng, least: number, most: number): number {
  return least + Math.floor(rng.next() * (most - least + 1));
}

export function chooseOne<T>(rng: Rng, from: readonly [T, ...T[]] | readonly T[]): T {
  const chosen = from[chooseInt(rng, 0, from.length - 1)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

export function happens(rng: Rng, probability: number): boolean {
  return rng.next() < probability;
}

/** `least` to `most` characters of an alphabet. */
export function chooseText(rng: Rng, alphabet: string, least: number, most: number): string {
  let text = "";
  for (let left = chooseInt(rng, least, most); left > 0; left -= 1)
    text += alphabet[chooseInt(rng, 0, alphabet.length - 1)];
  return text;
}

/** Each letter in its own random case. */
export function chooseCase(rng: Rng, text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    happens(rng, 0.5) ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

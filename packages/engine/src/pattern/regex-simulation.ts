/**
 * Matches without a table, for the few expressions whose table would be too large, such as "(a|b)*a(a|b){20}": all
 * alternatives at once, byte by byte. Time grows with text times program, never faster; memory stays fixed.
 */
import { before, Stepper } from "./regex-automaton.ts";
import type { Program } from "./regex-program.ts";

export class RegexSimulation {
  readonly #stepper: Stepper;
  readonly #start: readonly number[];
  /** Two sets in turn: the one being read, the one being written. */
  readonly #even: number[] = [];
  readonly #odd: number[] = [];

  constructor(program: Program) {
    this.#stepper = new Stepper(program);
    this.#start = this.#stepper.begin();
  }

  test(text: string): boolean {
    const stepper = this.#stepper;
    let waiting: readonly number[] = this.#start;
    let context: number = stepper.needsContext ? before.begin : before.other;
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i);
      if (byte > 255) return false;
      waiting = stepper.step(waiting, context, byte, (i & 1) === 0 ? this.#even : this.#odd);
      if (waiting.length === 0) return false;
      context = stepper.contextAfter(byte);
    }
    return stepper.matchesAtEnd(waiting, context);
  }
}

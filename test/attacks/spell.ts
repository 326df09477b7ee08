/** What another client met for a while, and what that comes to. */
import { percentile } from "../bench/statistics.ts";
import type { PoliteAnswer } from "./polite-process.ts";

export interface Spell extends PoliteAnswer {
  /** How many times longer who has a part in an answer took, for others that had the processors (processor-time.ts). */
  readonly starvation: number;
}

export interface PoliteFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answered: number;
  readonly failed: number;
  readonly starvation: number;
}

/** Of all requests of the spells together. */
export function figuresOf(...spells: readonly Spell[]): PoliteFigures {
  const latenciesMs = spells.flatMap((spell) => spell.latenciesMs).toSorted((a, b) => a - b);
  return {
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    answered: latenciesMs.length,
    failed: spells.reduce((sum, { failed }) => sum + failed, 0),
    starvation: Math.max(...spells.map(({ starvation }) => starvation)),
  };
}

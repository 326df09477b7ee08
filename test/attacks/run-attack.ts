/**
 * One attack on a data plane that another client uses. The attack runs twice: the first time for what any load makes a process keep
 * (allocators, code); then the other client is measured before it, beside it and after it, and what is held afterwards is compared
 * with what was held after the first.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Attack, Tally } from "./attack.ts";
import type { Bed } from "./bed.ts";
import type { PlaneFigures } from "./plane-process.ts";
import { figuresOf } from "./spell.ts";
import type { Outcome } from "./verdict.ts";

const warmSeconds = 1;
/** Before it and after it: 300 requests a second make 600 of each. */
const quietSeconds = 2;
const attackSeconds = 2;
/** How long what was under way may take to end: HTTP/1.1 connections to endpoints are kept for 4 s, by a process that has time. */
const settleMs = 30_000;

export interface AttackResult extends Outcome {
  readonly tally: Tally;
}

export async function runAttack(bed: Bed, attack: Attack): Promise<AttackResult> {
  await Promise.all([
    bed.attack(attack.name, Math.min(4, attack.seconds ?? warmSeconds)),
    bed.ask(warmSeconds),
  ]);
  const before = await settle(bed);
  const quietBefore = await bed.ask(quietSeconds);
  const seconds = attack.seconds ?? attackSeconds;
  const [tally, attacked] = await Promise.all([bed.attack(attack.name, seconds), bed.ask(seconds)]);
  const after = await settle(bed);
  const quiet = figuresOf(quietBefore, await bed.ask(quietSeconds));
  return { quiet, attacked: figuresOf(attacked), before, after, tally };
}

/** What the plane holds once nothing is under way any more, or at the deadline. */
async function settle(bed: Bed): Promise<PlaneFigures> {
  const end = performance.now() + settleMs;
  const first = await bed.measure();
  for (let figures = first; ; figures = await bed.measure()) {
    if (figures.connections + figures.active === 0 || performance.now() > end) {
      // The first are those of what came before, the others of waiting.
      return { ...figures, turns: first.turns };
    }
    await sleep(100);
  }
}

/** Whether the others noticed an attack, and whether it left anything behind. */
import type { PlaneFigures } from "./plane-process.ts";
import type { PoliteFigures } from "./spell.ts";

export interface Outcome {
  readonly quiet: PoliteFigures;
  readonly attacked: PoliteFigures;
  readonly before: PlaneFigures;
  readonly after: PlaneFigures;
}

/**
 * The reference's figure is twice the p99. Alone that is 1 to 3 ms, and a collection of garbage in the waypoint takes longer. Below the
 * floor nothing is judged: five times what was measured on a quiet machine (docs/performance.md), so that it holds on a
 * busy one. A wait for a processor that others of the machine had is none of that: what is allowed grows with it.
 */
const ratio = 2;
const usualFloorMs = 100;
/** What others wait for is the waypoint's turns: in time of its own core they can be judged beside any neighbours. */
const turnMs = 15;
const leftBytes = 5 * 1024 * 1024;
/** What the process has of the kernel's is glibc's to give back, and it keeps some tens of MiB either way. */
const residentBytes = 64 * 1024 * 1024;

/** What is wrong; empty: nothing. */
export function problemsOf(
  { quiet, attacked, before, after }: Outcome,
  floorMs: number = usualFloorMs,
): readonly string[] {
  const problems: string[] = [];
  if (attacked.failed + quiet.failed > 0) {
    problems.push(`${attacked.failed + quiet.failed} requests of another client failed`);
  }
  const most = Math.max(floorMs, ratio * quiet.p99Ms) * attacked.starvation;
  if (attacked.p99Ms > most) {
    problems.push(`another client's p99 went from ${ms(quiet.p99Ms)} to ${ms(attacked.p99Ms)}`);
  }
  if (after.turns.p99Ms > turnMs) {
    problems.push(`one turn in a hundred took the waypoint ${ms(after.turns.p99Ms)} of its core or more`);
  }
  const used = after.usedBytes - before.usedBytes;
  if (used > leftBytes) problems.push(`${mib(used)} more are in use afterwards`);
  const resident = after.rssBytes - before.rssBytes;
  if (resident > residentBytes) problems.push(`${mib(resident)} more are resident afterwards`);
  for (const what of ["connections", "active"] as const) {
    if (after[what] > 0) problems.push(`${after[what]} ${what} are left`);
  }
  return problems;
}

export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

export function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Asks again and again until the answer is there; after the deadline fails with what was waited for. */
import { setTimeout as sleep } from "node:timers/promises";

export interface UntilOptions {
  readonly deadlineMs: number;
  readonly everyMs?: number;
  /** What was waited for, and what is known of why it did not come. Asked at the deadline only. */
  readonly describe: () => string;
}

export async function until<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { deadlineMs, everyMs = 50, describe }: UntilOptions,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`after ${deadlineMs / 1000} s: ${describe()}`);
    await sleep(everyMs);
  }
}

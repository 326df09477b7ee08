/**
 * Budgets for what a peer can make us do at little cost to itself (http2-settings.ts says which and why; reference D01, D04,
 * D07). Time is asked only once a budget is used up, so honest connections pay an addition.
 */
import type { Clock } from "@waystone/base/clock";
import { Budget } from "./budget.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import type { FloodLimits } from "./http2-settings.ts";

export class FloodGuard {
  readonly #limits: FloodLimits;
  readonly #resets: Budget;
  readonly #resetsAtFirst: number;
  readonly #controls: Budget;
  readonly #empties: Budget;

  /** `resets`: how many it may begin with (flood-record.ts). */
  constructor(clock: Clock, limits: FloodLimits, resets: number = limits.resetBurst) {
    const now = clock.now();
    this.#limits = limits;
    this.#resets = new Budget(clock, limits.resetBurst, limits.resetsPerSecond, now, resets);
    this.#resetsAtFirst = resets;
    this.#controls = new Budget(clock, limits.controlBurst, limits.controlsPerSecond, now);
    this.#empties = new Budget(clock, limits.emptyBurst, limits.emptiesPerSecond, now);
  }

  onReset(): void {
    if (!this.#resets.spend()) throw flood("too many reset streams");
  }

  /** What it has used up of the resets that it began with, and neither time nor streams that ended well have earned back. */
  countSpentResets(): number {
    return Math.max(0, this.#resetsAtFirst - this.#resets.countLeft());
  }

  onStreamCompleted(): void {
    this.#resets.earn(1);
    this.#controls.earn(1);
  }

  onControlFrame(): void {
    if (!this.#controls.spend()) throw flood("too many control frames");
  }

  /** Bytes of a body, either way. */
  onDataFrame(): void {
    this.#controls.earn(this.#limits.controlsPerDataFrame);
  }

  onEmptyFrame(): void {
    if (!this.#empties.spend()) throw flood("too many empty frames");
  }

  checkQueuedReplies(queued: number): void {
    if (queued > this.#limits.queuedReplies) throw flood("replies that are never read");
  }

  /** When a client resets a stream: what was written for it stays in the queue, and another may be opened. */
  checkUnreadBytes(queued: number): void {
    if (queued > this.#limits.unreadBytes) throw flood("answers that are never read");
  }
}

function flood(problem: string): ConnectionError {
  return new ConnectionError(ErrorCode.enhanceYourCalm, problem);
}

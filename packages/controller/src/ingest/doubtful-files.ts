/**
 * Files whose content is not believed yet: each is handed out again once nothing has happened to it for a moment, or after
 * a while at the latest.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { TreeFile } from "./tree-parts.ts";

export const quietMs = 50;
export const longestDoubtMs = 2_000;

interface Doubt {
  readonly file: TreeFile;
  readonly sinceMs: number;
  dueMs: number;
}

export class DoubtfulFiles {
  readonly #clock: Clock;
  readonly #onDue: (files: readonly TreeFile[]) => void;
  readonly #doubts = new Map<string, Doubt>();
  #timer: Timer | undefined;

  constructor(clock: Clock, onDue: (files: readonly TreeFile[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** In doubt, or again: the wait for quiet begins anew. */
  add(file: TreeFile): void {
    const now = this.#clock.now();
    const sinceMs = this.#doubts.get(file.file)?.sinceMs ?? now;
    this.#doubts.set(file.file, { file, sinceMs, dueMs: Math.min(now + quietMs, sinceMs + longestDoubtMs) });
    this.#timer ??= this.#clock.after(quietMs, () => this.#handOut());
  }

  delete(file: string): void {
    this.#doubts.delete(file);
  }

  close(): void {
    this.#timer?.cancel();
    this.#doubts.clear();
  }

  #handOut(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    const due: TreeFile[] = [];
    let next = Infinity;
    for (const { file, dueMs } of this.#doubts.values()) {
      if (dueMs <= now) due.push(file);
      else next = Math.min(next, dueMs);
    }
    for (const { file } of due) this.#doubts.delete(file);
    if (next !== Infinity) this.#timer = this.#clock.after(next - now, () => this.#handOut());
    if (due.length > 0) this.#onDue(due);
  }
}

/**
 * Looks at a worker's memory ten times a second and says what to leave out. What V8 counts as used includes what nobody holds
 * any more, and a heap may well fill up with that before V8 cleans it: so nobody is turned away before a collection has
 * shown that the memory is really in use. That stops the worker for some milliseconds, at most once in a while, and only
 * near the limit, where V8 does the same.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { OverloadSettings } from "../settings.ts";
import type { MemorySource, MemoryUse } from "./memory-use.ts";
import { levelOf, type OverloadLevel } from "./overload-level.ts";

const lookMs = 100;
/** Between collections, or there would be time for nothing else; less of it where the end is near. */
const collectMs = 1000;
const urgentCollectMs = 250;

export interface MemoryWatchOptions {
  readonly clock: Clock;
  readonly settings: OverloadSettings;
  readonly source: MemorySource;
  /** At each change, never for the same level twice in a row. */
  readonly onLevel: (level: OverloadLevel, use: MemoryUse) => void;
  /** At each look. */
  readonly onUse: (use: MemoryUse) => void;
}

export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #timer: Timer;
  #level: OverloadLevel = "none";
  #collectedAt = Number.NEGATIVE_INFINITY;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#timer = options.clock.every(lookMs, () => this.#look());
  }

  close(): void {
    this.#timer.cancel();
  }

  #look(): void {
    const { clock, source, onUse } = this.#options;
    let use = source.read();
    const seeming = this.#levelOf(use);
    const isHigh = seeming !== "none";
    const pauseMs = seeming === "refusing" ? urgentCollectMs : collectMs;
    if (isHigh && clock.now() - this.#collectedAt >= pauseMs) {
      source.collect();
      this.#collectedAt = clock.now();
      use = source.read();
      this.#enter(this.#levelOf(use), use);
    } else if (!isHigh) {
      this.#enter("none", use);
    }
    onUse(use);
  }

  #levelOf({ heap, buffers }: MemoryUse): OverloadLevel {
    return levelOf(Math.max(heap, buffers), this.#level, this.#options.settings);
  }

  #enter(level: OverloadLevel, use: MemoryUse): void {
    if (level === this.#level) return;
    this.#level = level;
    this.#options.onLevel(level, use);
  }
}

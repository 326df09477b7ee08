/**
 * Looks at a worker's memory twenty times a second and says what to leave out. What V8 counts as used includes what nobody holds
 * any more, and a heap may well fill up with that before V8 cleans it: so nobody is turned away before a collection has
 * shown that the memory is really in use. That stops the worker for some milliseconds, at most once in a while, and only
 * near the limit, where V8 does the same. Between those, young collections keep what is dropped from filling the rest of the memory:
 * of buffers V8 would let 64 MB gather, which bodies that are copied do in a tenth of a second.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { OverloadSettings } from "../settings.ts";
import { highestOf, type MemorySource, type MemoryUse } from "./memory-use.ts";
import { levelOf, type OverloadLevel } from "./overload-level.ts";

const lookMs = 50;
/** Between collections, or there would be time for nothing else; less of it where the end is near, none behind it. */
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
    if (isHigh && clock.now() - this.#collectedAt >= pauseOf(seeming, use)) {
      source.collect();
      this.#collectedAt = clock.now();
      use = source.read();
      this.#enter(this.#levelOf(use), use);
    } else if (isHigh) {
      source.collectYoung();
    } else {
      this.#enter("none", use);
    }
    onUse(use);
  }

  #levelOf(use: MemoryUse): OverloadLevel {
    return levelOf(highestOf(use), this.#level, this.#options.settings);
  }

  #enter(level: OverloadLevel, use: MemoryUse): void {
    if (level === this.#level) return;
    this.#level = level;
    this.#options.onLevel(level, use);
  }
}

function pauseOf(seeming: OverloadLevel, use: MemoryUse): number {
  if (highestOf(use) >= 1) return 0;
  return seeming === "refusing" ? urgentCollectMs : collectMs;
}

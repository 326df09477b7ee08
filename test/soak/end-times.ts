/**
 * When a process hears that connections ended: the first and the last since it was asked before. By the kernel's monotonic
 * clock, which is the same in every process.
 */
export interface EndReport {
  readonly open: number;
  /** Missing where none ended. */
  readonly firstMs?: number | undefined;
  readonly lastMs?: number | undefined;
}

export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export class EndTimes {
  #open = 0;
  #firstMs: number | undefined = undefined;
  #lastMs: number | undefined = undefined;

  onOpened(): void {
    this.#open += 1;
  }

  onEnded(): void {
    this.#open -= 1;
    this.#lastMs = monotonicMs();
    this.#firstMs ??= this.#lastMs;
  }

  report(): EndReport {
    const report = { open: this.#open, firstMs: this.#firstMs, lastMs: this.#lastMs };
    [this.#firstMs, this.#lastMs] = [undefined, undefined];
    return report;
  }
}

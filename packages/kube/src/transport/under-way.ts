/**
 * What is under way, so that closing ends it all. Each piece of work has its own signal, tied to the one its asker gave for
 * as long as it lasts: AbortSignal.any would hang one dependent on the other for the life of the process.
 */

export interface Work {
  readonly signal: AbortSignal;
  readonly abort: () => void;
  /** To be called when it has ended, however. */
  readonly done: () => void;
}

export class UnderWay {
  readonly #controllers = new Set<AbortController>();
  #isAborted = false;

  begin(asker?: AbortSignal): Work {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    this.#controllers.add(controller);
    asker?.addEventListener("abort", abort);
    if (this.#isAborted || asker?.aborted === true) abort();
    return {
      signal: controller.signal,
      abort,
      done: () => {
        this.#controllers.delete(controller);
        asker?.removeEventListener("abort", abort);
      },
    };
  }

  /** Ends all, and whatever begins after. */
  abort(): void {
    this.#isAborted = true;
    for (const controller of this.#controllers) controller.abort();
    this.#controllers.clear();
  }
}

/**
 * Whether to be sent traffic: named tasks block it, and it is ready when none does. Starting up is a set of tasks that
 * finish; shutting down is one more task that never will. A probe's answer names what is waited for.
 */

export class Readiness {
  readonly #tasks = new Map<symbol, string>();
  readonly #listeners = new Set<(isReady: boolean) => void>();
  #isReady = true;

  get isReady(): boolean {
    return this.#isReady;
  }

  /** What is waited for, in the order it was begun. */
  get waitingFor(): readonly string[] {
    return [...this.#tasks.values()];
  }

  /** Not ready until the returned function is called; twice is once. */
  block(task: string): () => void {
    const id = Symbol(task);
    this.#tasks.set(id, task);
    this.#update();
    return () => {
      this.#tasks.delete(id);
      this.#update();
    };
  }

  /** Calls `listener` on each change from ready to not ready and back. Returns the way to stop. */
  onChange(listener: (isReady: boolean) => void): () => void {
    const entry = (isReady: boolean): void => listener(isReady);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Resolves at once, or the next time it is ready. */
  async whenReady(): Promise<void> {
    if (this.#isReady) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.onChange((isReady) => {
      if (!isReady) return;
      stop();
      resolve();
    });
    await promise;
  }

  #update(): void {
    const isReady = this.#tasks.size === 0;
    if (isReady === this.#isReady) return;
    this.#isReady = isReady;
    // A copy: a listener that is added now has not seen a change.
    const listeners = [...this.#listeners];
    for (const listener of listeners) listener(isReady);
  }
}

/**
 * What only the leader does, begun when the lease is won and ended when it is lost, as often as that happens. Tasks are
 * opened in their order and closed in the other; one that can't be opened is tried again, and the others do not wait for it.
 */
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";

export interface OpenTask {
  close(): Promise<void>;
}

export interface LeaderTask {
  /** For the log: "capture". */
  readonly name: string;
  readonly open: () => OpenTask | Promise<OpenTask>;
}

export interface LeaderDutyOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

const retry = { minMs: 500, maxMs: 10_000, jitter: "decorrelated" } as const;

export class LeaderDuty {
  readonly #options: LeaderDutyOptions;
  readonly #open: { readonly name: string; readonly task: OpenTask }[] = [];
  readonly #retries = new Set<Timer>();
  /** One after the other: what was opened last time is closed before it is opened again. */
  #work: Promise<void> = Promise.resolve();
  /** Counts up when it begins and when it ends: what was asked for before is no longer wanted. */
  #term = 0;

  constructor(options: LeaderDutyOptions) {
    this.#options = options;
  }

  begin(tasks: readonly LeaderTask[]): void {
    const term = ++this.#term;
    for (const task of tasks) this.#enqueue(task, term, new Backoff({ ...retry, rng: this.#options.rng }));
  }

  /** Resolves when all tasks are closed. */
  async end(): Promise<void> {
    this.#term++;
    for (const timer of this.#retries) timer.cancel();
    this.#retries.clear();
    this.#work = this.#work.then(async () => await this.#closeAll());
    await this.#work;
  }

  #enqueue(task: LeaderTask, term: number, backoff: Backoff): void {
    this.#work = this.#work.then(async () => await this.#openOne(task, term, backoff));
  }

  async #openOne({ name, open }: LeaderTask, term: number, backoff: Backoff): Promise<void> {
    const { clock, logger } = this.#options;
    if (term !== this.#term) return;
    try {
      this.#open.push({ name, task: await open() });
    } catch (thrown) {
      if (term !== this.#term) return;
      const retryMs = backoff.nextMs();
      logger.error(
        { task: name, error: thrown, retryMs },
        `the leader's task ${name} could not begin: trying again`,
      );
      const timer = clock.after(retryMs, () => {
        this.#retries.delete(timer);
        this.#enqueue({ name, open }, term, backoff);
      });
      this.#retries.add(timer);
    }
  }

  async #closeAll(): Promise<void> {
    for (const { name, task } of this.#open.splice(0).toReversed()) {
      try {
        await task.close();
      } catch (thrown) {
        this.#options.logger.error(
          { task: name, error: thrown },
          `the leader's task ${name} did not end in good order`,
        );
      }
    }
  }
}

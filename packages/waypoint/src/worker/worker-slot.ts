/**
 * A place for one worker: whoever dies in it is replaced, at once the first time, and ever more slowly while replacements
 * die young (a crash that starts with the thread must not become a busy loop).
 */
import type { ResourceLimits } from "node:worker_threads";
import type { Clock, Timer } from "@waystone/base/clock";
import type { WaypointSettings } from "../settings.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import type { WorkerLoss } from "./worker-loss.ts";
import type { WorkerShare } from "./worker-share.ts";
import { openWorkerThread, type WorkerThread } from "./worker-thread.ts";

export interface WorkerSlotOptions {
  readonly id: number;
  readonly entry: URL;
  readonly limits: ResourceLimits;
  readonly share: WorkerShare;
  readonly ownWaypoint: string;
  readonly clock: Clock;
  /** Asked for at every start: the log level may have changed. */
  readonly settings: () => WaypointSettings;
  readonly onMessage: (slot: WorkerSlot, message: FromWorker) => void;
  /** `retryMs`: when the replacement starts. */
  readonly onLost: (slot: WorkerSlot, loss: WorkerLoss, retryMs: number) => void;
}

/** starting: the thread loads. running: it said "ready", and takes deltas. waiting: lost, not replaced yet. closed: ended. */
export type SlotState = "starting" | "running" | "waiting" | "closed";

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** A worker that lived this long was healthy: its loss is not part of a series. */
const healthyMs = 10_000;

export class WorkerSlot {
  readonly id: number;
  readonly #options: WorkerSlotOptions;
  #thread: WorkerThread | undefined;
  #state: SlotState = "waiting";
  #startedAt = 0;
  #timer: Timer | undefined;
  #isRetired = false;
  /** Losses in a row, none of which lived long. */
  earlyLosses = 0;

  constructor(options: WorkerSlotOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get state(): SlotState {
    return this.#state;
  }

  open(): void {
    this.#state = "starting";
    this.#startedAt = this.#options.clock.now();
    this.#thread = openWorkerThread({
      entry: this.#options.entry,
      init: {
        workerId: this.id,
        ownWaypoint: this.#options.ownWaypoint,
        settings: this.#options.settings(),
        share: this.#options.share,
      },
      limits: this.#options.limits,
      onMessage: (message) => {
        if (message.type === "ready") this.#state = "running";
        this.#options.onMessage(this, message);
      },
      onLost: (loss) => this.#lost(loss),
    });
  }

  /** To a worker that runs; nothing is kept for one that does not. */
  post(message: ToWorker): void {
    if (this.#state === "running") this.#thread?.post(message);
  }

  /** Ends a worker that does not answer; it is replaced. */
  async abandon(loss: WorkerLoss): Promise<void> {
    await this.#thread?.stop(loss);
  }

  /** No replacement from now on; a worker that runs goes on. */
  retire(): void {
    this.#timer?.cancel();
    if (this.#state === "waiting") this.#state = "closed";
    this.#isRetired = true;
  }

  async close(): Promise<void> {
    this.retire();
    this.#state = "closed";
    await this.#thread?.stop();
  }

  #lost(loss: WorkerLoss): void {
    const lived = this.#options.clock.now() - this.#startedAt;
    this.earlyLosses = lived >= healthyMs ? 1 : this.earlyLosses + 1;
    this.#thread = undefined;
    this.#state = this.#isRetired ? "closed" : "waiting";
    const pauseMs =
      this.earlyLosses === 1 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (this.earlyLosses - 2));
    this.#options.onLost(this, loss, pauseMs);
    if (!this.#isRetired) this.#timer = this.#options.clock.after(pauseMs, () => this.open());
  }
}

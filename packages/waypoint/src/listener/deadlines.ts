/**
 * Deadlines for very many connections at the price of two pointers each. Entries of the same duration stay in the order in
 * which they were set, so one slow tick looks at the front of each list alone. Time is read once per tick: an entry fires
 * up to two ticks after its time; before it only by as much as one turn of the event loop blocked longer than a tick. Where there
 * is nothing to be late for nothing ticks: that alone is half of what an idle worker would cost.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import { rethrow } from "./connection-faults.ts";

const tickMs = 20;

/** Something that can be too late for one thing at a time. */
export class Deadline {
  /** Called once when the time has come; the deadline is off by then. */
  readonly onExpire: () => void;
  /** Whose it is: cut where onExpire throws, since nothing of it would ever be too late again. */
  readonly whose: { destroy(): void } | undefined;
  /** Owned by Deadlines. */
  dueAt = 0;
  list: DeadlineList | undefined = undefined;
  before: Deadline | undefined = undefined;
  after: Deadline | undefined = undefined;

  constructor(onExpire: () => void, whose?: { destroy(): void }) {
    this.onExpire = onExpire;
    this.whose = whose;
  }
}

class DeadlineList {
  readonly durationMs: number;
  first: Deadline | undefined = undefined;
  last: Deadline | undefined = undefined;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
  }

  append(deadline: Deadline): void {
    deadline.list = this;
    deadline.before = this.last;
    deadline.after = undefined;
    if (this.last === undefined) this.first = deadline;
    else this.last.after = deadline;
    this.last = deadline;
  }

  remove(deadline: Deadline): void {
    if (deadline.before === undefined) this.first = deadline.after;
    else deadline.before.after = deadline.after;
    if (deadline.after === undefined) this.last = deadline.before;
    else deadline.after.before = deadline.before;
    deadline.list = undefined;
    deadline.before = undefined;
    deadline.after = undefined;
  }
}

/** One per worker. */
export class Deadlines {
  readonly #clock: Clock;
  /** Undefined: nothing is set, and the time is not known. */
  #timer: Timer | undefined = undefined;
  readonly #lists = new Map<number, DeadlineList>();
  #now = 0;
  #isClosed = false;
  readonly #onFault: (error: unknown) => void;

  /** `onFault` is told of what an onExpire has thrown (connection-faults.ts). */
  constructor(clock: Clock, onFault: (error: unknown) => void = rethrow) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** (Re)starts the deadline; 0 ms turns it off. */
  set(deadline: Deadline, durationMs: number): void {
    let list = deadline.list;
    if (durationMs === 0) {
      list?.remove(deadline);
      return;
    }
    if (this.#timer === undefined) this.#start();
    const dueAt = this.#now + durationMs + tickMs;
    if (list !== undefined) {
      if (deadline.dueAt === dueAt && list.durationMs === durationMs) return;
      list.remove(deadline);
    }
    if (list === undefined || list.durationMs !== durationMs) list = this.#listOf(durationMs);
    deadline.dueAt = dueAt;
    list.append(deadline);
  }

  clear(deadline: Deadline): void {
    deadline.list?.remove(deadline);
  }

  /** Those of that duration that were set at least `afterMs` ago are too late already. */
  expireEarly(durationMs: number, afterMs: number): void {
    const list = this.#lists.get(durationMs);
    const dueBy = this.#now + durationMs + tickMs - afterMs;
    for (let due = list?.first; due !== undefined && due.dueAt <= dueBy; due = list?.first) {
      list?.remove(due);
      this.#expire(due);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  #start(): void {
    this.#now = this.#clock.now();
    if (this.#isClosed) return;
    this.#timer = this.#clock.every(tickMs, () => this.#tick());
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #listOf(durationMs: number): DeadlineList {
    let list = this.#lists.get(durationMs);
    if (list === undefined) {
      list = new DeadlineList(durationMs);
      this.#lists.set(durationMs, list);
    }
    return list;
  }

  #tick(): void {
    const now = this.#clock.now();
    this.#now = now;
    for (const list of this.#lists.values()) {
      for (let due = list.first; due !== undefined && due.dueAt <= now; due = list.first) {
        list.remove(due);
        this.#expire(due);
      }
    }
    for (const list of this.#lists.values()) if (list.first !== undefined) return;
    this.#stop();
  }

  #expire(due: Deadline): void {
    try {
      due.onExpire();
    } catch (error) {
      due.whose?.destroy();
      this.#onFault(error);
    }
  }
}

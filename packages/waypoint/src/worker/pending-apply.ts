/**
 * One delta on its way through the workers. Done when all that run have answered; a worker that dies meanwhile is not
 * waited for, and its replacement is given the delta again. A delta over which workers die twice before any has taken it
 * is refused whole: a configuration that kills must not take the traffic of the last good one with it.
 */
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";

const deathsToRefuse = 2;

export class PendingApply {
  readonly sequence: number;
  readonly delta: ResourceDelta;
  readonly done: Promise<readonly Rejected[]>;
  #resolve: (rejected: readonly Rejected[]) => void = () => {};
  readonly #waiting = new Set<number>();
  readonly #rejected = new Map<string, Rejected>();
  /** It was refused because workers died over it: nobody is to be given its content again. */
  isDeadly = false;
  #answers = 0;
  #deaths = 0;

  constructor(sequence: number, delta: ResourceDelta) {
    this.sequence = sequence;
    this.delta = delta;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The worker was sent the delta. */
  sent(worker: number): void {
    this.#waiting.add(worker);
  }

  answered(worker: number, rejected: readonly Rejected[]): void {
    if (!this.#waiting.delete(worker)) return;
    this.#answers++;
    for (const rejection of rejected) this.#rejected.set(rejection.name, rejection);
    this.#settle();
  }

  lost(worker: number, reason: string): void {
    if (!this.#waiting.delete(worker)) return;
    this.#deaths++;
    if (this.#answers === 0 && this.#deaths >= deathsToRefuse) this.#refuse(reason);
    else this.#settle();
  }

  /** Who has not answered yet. */
  get waiting(): ReadonlySet<number> {
    return this.#waiting;
  }

  /** With no answer at all, and nobody to wait for, it goes on waiting: for a replacement. */
  #settle(): void {
    if (this.#waiting.size === 0 && this.#answers > 0) this.#resolve([...this.#rejected.values()]);
  }

  #refuse(reason: string): void {
    this.isDeadly = true;
    const text = `workers died while they took this push into use (${reason}); the configuration before it serves on`;
    this.#resolve(this.delta.upserts.map(({ name }) => ({ name, reason: text })));
  }
}

/** The delta that is on its way to the workers: sent to all, given to those that join meanwhile, watched for the stuck. */
import type { Clock } from "@waystone/base/clock";
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";
import type { HeldResources } from "./held-resources.ts";
import { packDeltas } from "./pack-deltas.ts";
import { PendingApply } from "./pending-apply.ts";
import type { WorkerSlot } from "./worker-slot.ts";

/** A worker that has not taken a delta after this is stuck. */
const stuckMs = 60_000;

export interface PushesOptions {
  readonly slots: readonly WorkerSlot[];
  /** Takes what the workers have taken. */
  readonly held: HeldResources;
  readonly clock: Clock;
}

export class Pushes {
  readonly #options: PushesOptions;
  #pending: PendingApply | undefined;
  #sequence = 0;

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  /** Resolves when every worker has taken the delta, and it is held. Calls must not overlap. */
  async push(delta: ResourceDelta): Promise<readonly Rejected[]> {
    const { slots, held, clock } = this.#options;
    const pending = new PendingApply(++this.#sequence, delta);
    this.#pending = pending;
    const deltas = packDeltas([delta]);
    for (const slot of slots) if (slot.state === "running") this.#send(slot, pending, deltas);
    const watch = clock.every(stuckMs, () => this.#abandonStuck(pending));
    const rejected = await pending.done;
    watch.cancel();
    this.#pending = undefined;
    // In the same turn: a worker that joins from here on is given the delta as a part of all.
    held.take(pending.isDeadly ? withoutContent(delta) : delta, rejected);
    return rejected;
  }

  /** A worker that has been given all that is held. */
  join(slot: WorkerSlot): void {
    if (this.#pending !== undefined) this.#send(slot, this.#pending, packDeltas([this.#pending.delta]));
  }

  answered(slot: WorkerSlot, sequence: number, rejected: readonly Rejected[]): void {
    if (sequence === this.#pending?.sequence) this.#pending.answered(slot.id, rejected);
  }

  lost(slot: WorkerSlot, reason: string): void {
    this.#pending?.lost(slot.id, reason);
  }

  #send(slot: WorkerSlot, pending: PendingApply, deltas: readonly ResourceDelta[]): void {
    pending.sent(slot.id);
    slot.post({ type: "apply", sequence: pending.sequence, deltas });
  }

  #abandonStuck(pending: PendingApply): void {
    const message = `it did not take a push into use within ${stuckMs / 1000} s`;
    for (const slot of this.#options.slots) {
      if (pending.waiting.has(slot.id)) void slot.abandon({ reason: "stuck", message });
    }
  }
}

/** What is held of it as refused (held-resources.ts) is then its name alone. */
function withoutContent(delta: ResourceDelta): ResourceDelta {
  return { ...delta, upserts: delta.upserts.map((each) => ({ ...each, body: new Uint8Array() })) };
}

/**
 * Leader election over a Lease, by client-go's rules: who reads that nobody holds it, or that the holder has not renewed
 * for as long as the lease lasts, writes its own name with the version it read; the API server lets one such write through.
 * Clocks are not compared: how old a renewal is counts from when we saw it.
 *
 * Never two: a leader's right counts from when its last successful write was SENT, ends after renewDeadline, and others
 * begin leaseMs after they SAW that write, which is later.
 */
import type { Timer } from "@waystone/base/clock";
import { createObject, getObject, replaceObject } from "../objects/objects.ts";
import { errorFromThrown, isAlreadyExists, isConflict, isNotFound } from "../transport/api-error.ts";
import {
  defaultTiming,
  type ElectionTiming,
  type LeaderElection,
  type LeaderElectionOptions,
} from "./leader-election.ts";
import { heldSpec, holderOf, type Lease, leases, releasedSpec } from "./lease-record.ts";

const jitterShare = 0.2;
const writeAttempts = 3;
const releaseAttempts = 3;
const releaseMs = 3_000;
const fieldManager = "waystone-leader-election";

export function openLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const election = new LeaseElection(options);
  election.start();
  return election;
}

class LeaseElection implements LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #timing: ElectionTiming;
  readonly #closing = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #lease: Lease | undefined;
  /** The record as last seen, and since when it has not changed. */
  #seen: {
    readonly record: string;
    readonly at: number;
    readonly holder: string | undefined;
    readonly leaseMs: number;
  } = {
    record: "",
    at: 0,
    holder: undefined,
    leaseMs: 0,
  };
  #hasWritten = false;
  /** When the write was sent that our right rests on; undefined: no leader. */
  #renewedAt: number | undefined;
  #deadline: Timer | undefined;
  #lost: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #lastError = "";

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  get isLeader(): boolean {
    if (this.#renewedAt === undefined || this.#closing.signal.aborted) return false;
    return this.#options.clock.now() < this.#renewedAt + this.#timing.renewDeadlineMs;
  }

  get holder(): string | undefined {
    return holderOf(this.#lease);
  }

  start(): void {
    this.#done = this.#run();
  }

  poke(): void {
    // A leader renews in its own time: its renewals are what pokes the others.
    if (!this.isLeader) this.#wake?.();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake?.();
    await this.#done;
    this.#lose("shutting down");
    await this.#lost;
    if (this.#hasWritten) await this.#release();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#lost;
      try {
        await this.#tryOnce();
        this.#lastError = "";
      } catch (thrown) {
        this.#failed(thrown);
      }
      await this.#pause(this.#nextMs());
    }
  }

  async #tryOnce(): Promise<void> {
    // A leader knows the lease: it wrote it.
    if (!this.isLeader) await this.#look();
    for (let attempt = 0; attempt < writeAttempts; attempt++) {
      if (this.#yieldToHolder()) return;
      await this.#lost;
      if (this.#closing.signal.aborted) return;
      const sentAt = this.#options.clock.now();
      const written = await this.#write();
      if (written !== undefined) {
        this.#note(written);
        this.#renewed(sentAt);
        return;
      }
      // Another write was faster. If it was not about who holds it, the next try writes on top.
      await this.#look();
    }
  }

  /** True while someone else may be leader. */
  #yieldToHolder(): boolean {
    const { clock, identity } = this.#options;
    // A lease that was deleted under its holder is held as long as we would have waited: he may not know yet.
    const holder = this.#lease === undefined ? this.#seen.holder : this.holder;
    if (holder === undefined || holder === identity) return false;
    this.#lose(`${holder} holds the lease`);
    return clock.now() < this.#seen.at + this.#seen.leaseMs;
  }

  /** Undefined: another write was faster, or the lease is gone. */
  async #write(): Promise<Lease | undefined> {
    const { transport, namespace, name, identity, clock } = this.#options;
    const wallMs = clock.wallMs();
    const spec = heldSpec(this.#lease?.spec, { identity, durationMs: this.#timing.leaseMs, wallMs });
    const options = { fieldManager, ...this.#limits() };
    this.#hasWritten = true;
    try {
      if (this.#lease === undefined) {
        return await createObject<Lease>(transport, leases, { metadata: { namespace, name }, spec }, options);
      }
      return await replaceObject<Lease>(transport, leases, { ...this.#lease, spec }, options);
    } catch (thrown) {
      if (isConflict(thrown) || isAlreadyExists(thrown) || isNotFound(thrown)) return undefined;
      throw thrown;
    }
  }

  async #look(): Promise<void> {
    const { transport, namespace, name } = this.#options;
    this.#note(await getObject<Lease>(transport, leases, { namespace, name }, this.#limits()));
  }

  /** A request that hangs must not keep us from the next. */
  #limits(): { readonly timeoutMs: number; readonly signal: AbortSignal } {
    return { timeoutMs: this.#timing.renewDeadlineMs / 2, signal: this.#closing.signal };
  }

  #note(lease: Lease | undefined): void {
    this.#lease = lease;
    if (lease === undefined) return;
    const record = JSON.stringify(lease.spec ?? {});
    if (record === this.#seen.record) return;
    const leaseMs = (lease.spec?.leaseDurationSeconds ?? 0) * 1000;
    this.#seen = { record, at: this.#options.clock.now(), holder: holderOf(lease), leaseMs };
  }

  /** Candidates that saw the same release must not all ask in the same moment; who waits for the end looks when it comes. */
  #nextMs(): number {
    const { retryMs } = this.#timing;
    if (this.isLeader) return retryMs;
    const { holder, at, leaseMs } = this.#seen;
    const leftMs = at + leaseMs - this.#options.clock.now();
    const jitteredMs = retryMs * (1 + this.#options.rng.next() * jitterShare);
    return holder === undefined || leftMs <= 0 ? jitteredMs : Math.min(jitteredMs, leftMs);
  }

  #renewed(sentAt: number): void {
    const { clock, logger, identity, onElected } = this.#options;
    const dueMs = sentAt + this.#timing.renewDeadlineMs - clock.now();
    // So slow an answer is worth nothing: others may stand soon.
    if (dueMs <= 0 || this.#closing.signal.aborted) return;
    const isNew = this.#renewedAt === undefined;
    this.#renewedAt = sentAt;
    this.#deadline?.cancel();
    this.#deadline = clock.after(dueMs, () => this.#lose("the lease could not be renewed in time"));
    if (!isNew) return;
    logger.info({ identity }, "elected: this replica is the leader");
    onElected();
  }

  #lose(why: string): void {
    if (this.#renewedAt === undefined) return;
    this.#renewedAt = undefined;
    this.#deadline?.cancel();
    this.#options.logger.info({ identity: this.#options.identity, why }, "no longer the leader");
    this.#lost = this.#tellLost();
  }

  async #tellLost(): Promise<void> {
    try {
      await this.#options.onLost();
    } catch (thrown) {
      this.#options.logger.error(
        { error: thrown },
        "what only a leader may do could not be stopped in good order",
      );
    }
  }

  /** Best effort: without it others wait until the lease has run out. */
  async #release(): Promise<void> {
    const { transport, namespace, name, identity, clock, logger } = this.#options;
    try {
      for (let attempt = 0; attempt < releaseAttempts; attempt++) {
        const lease = await getObject<Lease>(
          transport,
          leases,
          { namespace, name },
          { timeoutMs: releaseMs },
        );
        if (lease === undefined || holderOf(lease) !== identity) return;
        const spec = releasedSpec(lease.spec, clock.wallMs());
        try {
          await replaceObject(transport, leases, { ...lease, spec }, { fieldManager, timeoutMs: releaseMs });
          return;
        } catch (thrown) {
          if (!isConflict(thrown)) throw thrown;
        }
      }
    } catch (thrown) {
      const error = errorFromThrown("releasing the lease", thrown).message;
      logger.warn({ error }, "the lease was not released: the next leader waits until it has run out");
    }
  }

  #failed(thrown: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { logger, namespace, name } = this.#options;
    const error = errorFromThrown("leader election", thrown);
    const text = `${error.status} ${error.reason}`;
    const isNew = text !== this.#lastError;
    this.#lastError = text;
    if (!isNew) return;
    const hint = error.status === 403 ? ". grant this account get, create and update on leases there" : "";
    logger.warn(
      { error: error.message },
      `the lease ${namespace}/${name} can't be read or written: trying again${hint}`,
    );
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(ms, resolve);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    timer.cancel();
  }
}

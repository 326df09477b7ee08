/**
 * Who a client address is, asked for on demand: the first time an address is seen, a subscription goes to the main thread;
 * the answer (a workload, or that it is nobody) stays until the address is the least recently seen of too many. Requests
 * that need the answer are parked for it, briefly and not too many: what is not known in time is anonymous. "Nobody" is
 * certain only when it has stood for that time: the API shows a pod's address later than the pod can send requests.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { WorkloadState } from "../store/snapshot.ts";
import type { FromWorker } from "./protocol.ts";

/** What the data path asks. Addresses are spelled as by base/ip. */
export interface IdentitySource {
  /** Undefined: not known yet; a subscription was made. */
  lookup(address: string): WorkloadState | undefined;
  /** Calls back once: at once if certain, else when it is, or with what is known after `timeoutMs` (2 s at most). */
  whenKnown(address: string, timeoutMs: number, callback: IdentityCallback): void;
}

export type IdentityCallback = (state: WorkloadState | undefined) => void;

export interface IdentityTableOptions {
  readonly clock: Clock;
  readonly emit: (message: FromWorker) => void;
  /** What the store holds of an address. */
  readonly stateOf: (address: string) => WorkloadState | undefined;
  /** The address is no longer asked about. */
  readonly onForgotten: (address: string) => void;
  readonly limits?: { readonly addresses: number; readonly parked: number };
}

/** Some 10,000 pods call one waypoint in the largest clusters; 1,024 parked requests are 2 s of 500 new callers a second. */
const defaultLimits = { addresses: 10_000, parked: 1_024 };
const longestWaitMs = 2_000;

interface Tracked {
  /** When it was first seen while it was nobody's; anew for whoever has it after a workload. */
  nobodySinceMs: number | undefined;
  waiting: Set<Parked> | undefined;
}

interface Parked {
  readonly callback: IdentityCallback;
  timer: Timer | undefined;
}

export class IdentityTable implements IdentitySource {
  readonly #options: IdentityTableOptions;
  readonly #limits: { readonly addresses: number; readonly parked: number };
  /** Addresses asked about, the least recently seen first. */
  readonly #tracked = new Map<string, Tracked>();
  /** The last of them. */
  #newest = "";
  #parkedCount = 0;

  constructor(options: IdentityTableOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
  }

  isTracked(address: string): boolean {
    return this.#tracked.has(address);
  }

  lookup(address: string): WorkloadState | undefined {
    const tracked = this.#tracked.get(address);
    if (tracked === undefined) {
      this.#track(address);
      return undefined;
    }
    if (address !== this.#newest) {
      // Seen again: to the end of the map's order.
      this.#tracked.delete(address);
      this.#tracked.set(address, tracked);
      this.#newest = address;
    }
    return this.#options.stateOf(address);
  }

  whenKnown(address: string, timeoutMs: number, callback: IdentityCallback): void {
    const state = this.lookup(address);
    const tracked = this.#tracked.get(address);
    const waitMs = tracked === undefined ? 0 : this.#uncertainForMs(tracked, state);
    if (tracked === undefined || waitMs <= 0 || this.#parkedCount >= this.#limits.parked) {
      callback(state);
      return;
    }
    const parked: Parked = { callback, timer: undefined };
    (tracked.waiting ??= new Set()).add(parked);
    this.#parkedCount++;
    parked.timer = this.#options.clock.after(Math.min(timeoutMs, waitMs), () => {
      tracked.waiting?.delete(parked);
      this.#release(parked, this.#options.stateOf(address));
    });
  }

  /** The store took in an answer for the address. */
  settle(address: string): void {
    const tracked = this.#tracked.get(address);
    if (tracked === undefined) return;
    const state = this.#options.stateOf(address);
    if (state?.known === true) tracked.nobodySinceMs = undefined;
    if (tracked.waiting === undefined) return;
    if (this.#uncertainForMs(tracked, state) > 0) return;
    const { waiting } = tracked;
    tracked.waiting = undefined;
    for (const parked of waiting) this.#release(parked, state);
  }

  /** How long a better answer is to be waited for. */
  #uncertainForMs(tracked: Tracked, state: WorkloadState | undefined): number {
    if (state?.known === true) return 0;
    const now = this.#options.clock.now();
    tracked.nobodySinceMs ??= now;
    return state === undefined ? longestWaitMs : tracked.nobodySinceMs + longestWaitMs - now;
  }

  #track(address: string): void {
    if (this.#tracked.size >= this.#limits.addresses) this.#evictOldest();
    this.#tracked.set(address, { nobodySinceMs: this.#options.clock.now(), waiting: undefined });
    this.#newest = address;
    this.#options.emit({ type: "subscribe", address });
  }

  #evictOldest(): void {
    const [oldest] = this.#tracked;
    if (oldest === undefined) return;
    const [address, { waiting }] = oldest;
    this.#tracked.delete(address);
    this.#options.onForgotten(address);
    this.#options.emit({ type: "forget", address });
    for (const parked of waiting ?? []) this.#release(parked, undefined);
  }

  #release(parked: Parked, state: WorkloadState | undefined): void {
    parked.timer?.cancel();
    this.#parkedCount--;
    parked.callback(state);
  }
}

/**
 * The connections and tunnels of a worker that no request ends: TCP and TLS connections, WebSocket over either version of
 * HTTP; and HTTP connections, for the streams on them. A request keeps the snapshot it began with; these would keep it
 * for days, or what policies forbid by now would go on. So each is asked again whenever the configuration of the port
 * that it came in on has changed, and closes itself where it would not be accepted now: at once, or turn by turn of the
 * event loop where there are very many (design/0004: within 1 s).
 */
import { Roster, type Seat } from "../listener/roster.ts";
import type { ServedPort, Snapshot } from "../store/snapshot.ts";

export interface LongLived {
  /** The place it came in on, "address:port" (ConnectionContext.listenKey). */
  readonly listenKey: string;
  /** Decides anew by `snapshot`, and ends, removed from the set, if the answer is no longer yes. */
  recheck(snapshot: Snapshot): void;
  /** Ends, because a mistake of ours keeps it from being decided about. */
  destroy(): void;
}

/** Asked in one go; more wait for the next turn, so that requests are not held up for longer than a millisecond or two. */
const batchSize = 1000;
/**
 * Ending one takes as long as asking so many: some 50 us, nearly all of it the kernel's, which tells both peers. A request meanwhile
 * waits for several turns; with turns of twice the length it took twice as long, and the closing of all as long as with these.
 */
const endingCost = 40;

export type LongLivedSeat = Seat<LongLived>;

type Listeners = Snapshot["listeners"];

/** One per worker. */
export class LongLivedSet {
  readonly #current: () => Snapshot;
  readonly #onFault: (error: unknown) => void;
  readonly #places = new Map<string, Roster<LongLived>>();
  #listeners: Listeners;
  #policies: Snapshot["policies"];
  /** Still to be asked; a set, so that those that end meanwhile are left out and none is asked twice. */
  readonly #pending = new Set<LongLivedSeat>();
  /** Those that are left have the next turn. No timer: on a busy machine each wait for one is some milliseconds more. */
  #next: NodeJS.Immediate | undefined = undefined;

  /** `onFault` is told of what a recheck has thrown (listener/connection-faults.ts). */
  constructor(current: () => Snapshot, onFault: (error: unknown) => void) {
    this.#current = current;
    this.#onFault = onFault;
    this.#listeners = current().listeners;
    this.#policies = current().policies;
  }

  get size(): number {
    let sum = 0;
    for (const held of this.#places.values()) sum += held.size;
    return sum;
  }

  /** From the moment that it was decided about: what changed since is made up for by its own recheck. */
  add(one: LongLived): LongLivedSeat {
    let held = this.#places.get(one.listenKey);
    if (held === undefined) this.#places.set(one.listenKey, (held = new Roster()));
    return held.add(one);
  }

  /** It is over; nothing happens where it was already. */
  delete(seat: LongLivedSeat): void {
    if (!seat.isTaken) return;
    this.#pending.delete(seat);
    const { listenKey } = seat.member;
    const held = this.#places.get(listenKey);
    held?.delete(seat);
    if (held?.size === 0) this.#places.delete(listenKey);
  }

  /** Asks those whose port is another object than before: what decides about a connection is in its ServedPort. */
  follow({ listeners, policies }: Snapshot): void {
    const before = this.#listeners;
    // Those of a backend's Service are in no ServedPort.
    const isAboutPolicies = policies !== this.#policies;
    this.#policies = policies;
    this.#listeners = listeners;
    if (before === listeners && !isAboutPolicies) return;
    for (const [place, held] of this.#places) {
      const port = listeners.get(place);
      const isChanged = port !== before.get(place) || (isAboutPolicies && port !== undefined);
      if (!isChanged || isLeft(before.get(place), port)) continue;
      for (const seat of held.seats()) this.#pending.add(seat);
    }
    this.#askNext();
  }

  /** Asks all: for changes that no ServedPort shows. */
  recheckAll(): void {
    for (const held of this.#places.values()) for (const seat of held.seats()) this.#pending.add(seat);
    this.#askNext();
  }

  close(): void {
    clearImmediate(this.#next);
    this.#next = undefined;
    this.#pending.clear();
  }

  #askNext(): void {
    if (this.#next !== undefined) return;
    const snapshot = this.#current();
    let left = batchSize;
    for (const seat of this.#pending) {
      if (left <= 0) break;
      this.#pending.delete(seat);
      this.#ask(seat.member, snapshot);
      left -= seat.isTaken ? 1 : endingCost;
    }
    if (this.#pending.size === 0) return;
    this.#next = setImmediate(() => {
      this.#next = undefined;
      this.#askNext();
    });
  }

  #ask(one: LongLived, snapshot: Snapshot): void {
    try {
      one.recheck(snapshot);
    } catch (error) {
      this.#onFault(error);
      one.destroy();
    }
  }
}

/** A port that was being given back, and now is: its connections take their time, as nobody forbids them (listener/data-plane.ts). */
function isLeft(before: ServedPort | undefined, now: ServedPort | undefined): boolean {
  return now === undefined && (before === undefined || before.isReleasing);
}

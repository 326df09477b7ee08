/**
 * When a status is written: one write for a change, however many steps the change takes. A status that only says that waypoints
 * have not answered yet is held back, because the answers are mostly milliseconds away; an object that changes again and
 * again is written at intervals, its last state always; and who is overwritten again and again by somebody who does not keep
 * others' entries waits longer each time, because two who put things right for ever are a load on the API server.
 */
import type { DraftCondition } from "../model/draft-condition.ts";
import type { ObjectStatus } from "../translate/object-status.ts";

/** From the moment at which it was first under way. */
const holdMs = 500;
/** Between two writes of one object. */
const gapMs = 500;
/** After so many in a row somebody is changing thousands of things, and whoever reads along does not read twice a second. */
const shortGaps = 20;
const longGapMs = 1_000;
/** Before a refusal by a waypoint: whoever wrote the object is waiting for it. */
const refusalGapMs = 100;
const longestGapMs = 60_000;
/** So often somebody may take our words away before we slow down: a first time is somebody's mistake. */
const freeRepairs = 2;

interface Pace {
  underWaySince: number | undefined;
  writtenAt: number | undefined;
  said: ObjectStatus | undefined;
  /** How often the same has been written in a row. */
  repairs: number;
  /** How many writes there were, each as soon as it could be after the one before. */
  inRow: number;
}

export class StatusPace {
  readonly #paces = new Map<string, Pace>();

  /** How long this status still has to wait; 0: it is written now. */
  waitMs(key: string, status: ObjectStatus, now: number): number {
    const pace = this.#of(key);
    // Something in it waits for waypoints.
    if (!hasProgrammed(status, "Pending")) pace.underWaySince = undefined;
    else pace.underWaySince ??= now;
    const held = pace.underWaySince === undefined ? 0 : pace.underWaySince + holdMs - now;
    const spaced = pace.writtenAt === undefined ? 0 : pace.writtenAt + gapOf(pace, status) - now;
    return Math.max(0, held, spaced);
  }

  wrote(key: string, status: ObjectStatus, now: number): void {
    const pace = this.#of(key);
    pace.repairs = pace.said === status ? pace.repairs + 1 : 0;
    pace.inRow = pace.writtenAt !== undefined && now - pace.writtenAt < 2 * longGapMs ? pace.inRow + 1 : 0;
    pace.said = status;
    pace.writtenAt = now;
  }

  /** All is said of it: what is under way next begins anew. */
  rest(key: string): void {
    const pace = this.#paces.get(key);
    if (pace !== undefined) pace.underWaySince = undefined;
  }

  /** The object is gone. */
  forget(key: string): void {
    this.#paces.delete(key);
  }

  #of(key: string): Pace {
    const known = this.#paces.get(key);
    if (known !== undefined) return known;
    const pace: Pace = {
      underWaySince: undefined,
      writtenAt: undefined,
      said: undefined,
      repairs: 0,
      inRow: 0,
    };
    this.#paces.set(key, pace);
    return pace;
  }
}

function gapOf({ said, repairs, inRow }: Pace, status: ObjectStatus): number {
  if (said !== status && hasProgrammed(status, "Invalid")) return refusalGapMs;
  if (said !== status) return inRow < shortGaps ? gapMs : longGapMs;
  return Math.min(longestGapMs, gapMs * 2 ** Math.max(0, repairs - freeRepairs));
}

/** Of the object itself or of one of its parents. */
function hasProgrammed({ conditions, parents, ancestors = [] }: ObjectStatus, wanted: string): boolean {
  const isThat = ({ type, status, reason }: DraftCondition): boolean =>
    type.endsWith("Programmed") && status !== "True" && reason === wanted;
  const lists = [conditions, ...[...parents, ...ancestors].map((each) => each.conditions)];
  return lists.some((each) => each.some(isThat));
}

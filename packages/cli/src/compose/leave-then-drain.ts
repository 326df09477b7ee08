/**
 * The end of a waypoint in a cluster. Whoever sends it connections (kube-proxy on every node) hears a moment later that it
 * goes, so it serves on for a while, and for as long again while connections still come: on a busy cluster the word spreads
 * slowly. Only then does what is under way finish, in the time that is left.
 */
import type { Clock } from "@waystone/base/clock";
import type { Waypoint } from "@waystone/waypoint/app";

export interface LeavingTimes {
  /** 0: nobody needs to hear. */
  readonly delayMs: number;
  readonly drainMs: number;
}

/** Nobody came for so long: nobody sends any more. */
const quietMs = 1_000;

export async function leaveThenDrain(
  waypoint: Pick<Waypoint, "leave" | "drain" | "countAccepted">,
  { delayMs, drainMs }: LeavingTimes,
  clock: Clock,
): Promise<void> {
  const endAt = clock.now() + delayMs + drainMs;
  waypoint.leave();
  await passed(clock, delayMs);
  const patienceEndAt = clock.now() + Math.min(delayMs, drainMs / 2);
  while (clock.now() + quietMs <= patienceEndAt) {
    const before = await waypoint.countAccepted();
    await passed(clock, quietMs);
    if ((await waypoint.countAccepted()) === before) break;
  }
  await waypoint.drain(Math.max(0, endAt - clock.now()));
}

function passed(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

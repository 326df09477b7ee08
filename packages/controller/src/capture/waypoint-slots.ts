/**
 * Which waypoints a shadow names: the one that has the Service and, while it moves, the one to come. Both serve it, so the
 * front can be led from one to the other, and back, without a moment of neither. A waypoint is given up only after the
 * front has left it for a while.
 */

export interface Slots {
  readonly waypoint: string | undefined;
  readonly movingTo: string | undefined;
}

export interface SlotQuestion {
  readonly now: Slots;
  /** Where the front points; undefined: to its owner's pods. */
  readonly at: string | undefined;
  readonly wanted: string;
}

/** What the shadow should name next. Asked again when it does: a change of both takes two answers. */
export function nextSlots({ now, at, wanted }: SlotQuestion): Slots {
  const { waypoint, movingTo } = now;
  // Nobody is led there yet: there is nothing to leave.
  if (at === undefined) return only(wanted);
  // The shadow was lost and made anew: the front knows.
  if (waypoint === undefined) return at === wanted ? only(at) : { waypoint: at, movingTo: wanted };
  if (movingTo === undefined) return wanted === waypoint ? only(waypoint) : { waypoint, movingTo: wanted };
  if (wanted !== waypoint && wanted !== movingTo) return only(at === movingTo ? movingTo : waypoint);
  return at === wanted ? only(wanted) : now;
}

/** The one that `next` no longer names. */
export function leftSlot(now: Slots, next: Slots): string | undefined {
  return [now.waypoint, now.movingTo].find(
    (each) => each !== undefined && each !== next.waypoint && each !== next.movingTo,
  );
}

function only(waypoint: string): Slots {
  return { waypoint, movingTo: undefined };
}

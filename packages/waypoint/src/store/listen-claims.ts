/**
 * One place ("address:port") belongs to one Service: which Service a connection means is known from nothing else. Claims of
 * a whole delta are settled together, so that two Services may swap addresses in one change.
 */
import type { StoredService } from "./service-from-resource.ts";

interface Change {
  /** Services as they are, by key. */
  readonly current: ReadonlyMap<string, StoredService>;
  /** Who holds which place now. */
  readonly owners: ReadonlyMap<string, string>;
  readonly removals: ReadonlySet<string>;
  readonly candidates: ReadonlyMap<string, StoredService>;
}

/**
 * Which candidates cannot have what they claim, with the reason. A refused one falls back to its current version, which may
 * need a place that another candidate was about to take: that one is refused in the next round.
 */
export function settleClaims(change: Change): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  for (;;) {
    const before = refused.size;
    const claimed = new Map<string, string>();
    for (const key of refused.keys()) claimAll(change.current.get(key), claimed);
    for (const candidate of change.candidates.values()) {
      if (refused.has(candidate.key)) continue;
      const reason = conflictOf(candidate, claimed, change);
      if (reason === undefined) claimAll(candidate, claimed);
      else refused.set(candidate.key, reason);
    }
    if (refused.size === before) return refused;
  }
}

function claimAll(service: StoredService | undefined, claimed: Map<string, string>): void {
  for (const port of service?.ports ?? []) {
    for (const place of port.listen) claimed.set(place.key, service!.key);
  }
}

function conflictOf(
  candidate: StoredService,
  claimed: ReadonlyMap<string, string>,
  change: Change,
): string | undefined {
  for (const port of candidate.ports) {
    for (const place of port.listen) {
      const owner = claimed.get(place.key) ?? standingOwner(place.key, change);
      if (owner === undefined || owner === candidate.key) continue;
      return (
        `port ${port.port} of Service ${candidate.key} cannot listen on ${place.key}: Service ${owner} already does; ` +
        "give one of them another address or port"
      );
    }
  }
  return undefined;
}

/** The owner of a place, unless it is part of this delta (then it claims anew, or is gone). */
function standingOwner(place: string, change: Change): string | undefined {
  const owner = change.owners.get(place);
  if (owner === undefined || change.removals.has(owner) || change.candidates.has(owner)) return undefined;
  return owner;
}

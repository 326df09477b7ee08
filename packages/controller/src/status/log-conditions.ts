/**
 * Logs what turns bad or well again, once per change: whoever runs Waystone on files may never ask for the status. Waiting
 * for a waypoint is no news.
 */
import type { Logger } from "@waystone/base/logger";
import type { Collection } from "@waystone/collection/collection";
import type { DraftCondition } from "../model/draft-condition.ts";
import type { ObjectStatus } from "../translate/object-status.ts";

export function logConditions(statuses: Collection<ObjectStatus>, logger: Logger): () => void {
  return statuses.subscribe(
    (events) => {
      for (const event of events) {
        const before = event.type === "add" ? [] : complaints(event.before);
        const after = event.type === "delete" ? [] : complaints(event.item);
        for (const complaint of after) {
          if (!before.includes(complaint)) logger.warn({ object: event.key }, complaint);
        }
        if (event.type === "update" && before.length > 0 && after.length === 0) {
          logger.info({ object: event.key, generation: event.item.generation }, "all is well again");
        }
      }
    },
    { replay: true },
  );
}

function complaints(status: ObjectStatus): readonly string[] {
  const conditions = [...status.conditions, ...status.parents.flatMap((parent) => parent.conditions)];
  return [...new Set([...conditions.filter(isBad).map(describe), ...status.notes])];
}

/** PartiallyInvalid is bad when True. Programmed repeats a refusal that Accepted has told, unless a waypoint refused. */
function isBad({ type, status, reason, message }: DraftCondition): boolean {
  if (type === "PartiallyInvalid") return status === "True";
  if (type.endsWith("Programmed"))
    return status === "False" && reason === "Invalid" && message.startsWith("refused by");
  return status === "False" && reason !== "Pending";
}

function describe({ type, reason, message }: DraftCondition): string {
  return `${type}: ${reason}: ${message}`;
}

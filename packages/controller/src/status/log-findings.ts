/**
 * Logs every finding once when it comes, and that an object is well again: whoever runs Waystone on files may never ask for
 * the status. Refused versions are not told here: whoever read them has.
 */
import type { Logger } from "@waystone/base/logger";
import type { Collection } from "@waystone/collection/collection";
import type { Finding } from "../model/finding.ts";
import type { Sources } from "../model/sources.ts";
import type { ObjectStatus } from "../translate/object-status.ts";
import { placeFinding } from "./place-finding.ts";

export function logFindings(
  statuses: Collection<ObjectStatus>,
  sources: Pick<Sources, "positionOf">,
  logger: Logger,
): () => void {
  return statuses.subscribe(
    (events) => {
      for (const event of events) {
        const before = event.type === "add" ? [] : event.before.findings;
        const after = event.type === "delete" ? [] : event.item.findings;
        if (event.type !== "delete") logNew(event.item, after.filter(isNews(before)), sources, logger);
        if (event.type === "update" && before.length > 0 && after.length === 0) {
          logger.info({ object: event.key, generation: event.item.generation }, `${event.key} is well again`);
        }
      }
    },
    { replay: true },
  );
}

function isNews(before: readonly Finding[]): (finding: Finding) => boolean {
  const known = new Set(before.map(({ field, message }) => `${field} ${message}`));
  return ({ field, message }) => !known.has(`${field} ${message}`);
}

function logNew(
  status: ObjectStatus,
  findings: readonly Finding[],
  sources: Pick<Sources, "positionOf">,
  logger: Logger,
): void {
  for (const finding of findings) {
    const fields = { object: status.key, generation: status.generation };
    const text = placeFinding(status, finding, sources);
    if (finding.severity === "error") logger.error(fields, text);
    else if (finding.severity === "warning") logger.warn(fields, text);
  }
}

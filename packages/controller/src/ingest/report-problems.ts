/** Tells the log of every problem once when it comes, and once when it is over. */
import type { Logger } from "@waystone/base/logger";
import type { Collection, Event } from "@waystone/collection/collection";
import { formatManifestError, formatOrigin } from "./manifest-error.ts";
import type { ManifestProblem } from "./sourced-object.ts";

/** Returns the way to stop. */
export function reportProblems(problems: Collection<ManifestProblem>, logger: Logger): () => void {
  return problems.subscribe((events) => {
    for (const event of events) reportEvent(event, logger);
  });
}

function reportEvent(event: Event<ManifestProblem>, logger: Logger): void {
  // An update is the same problem some lines further down.
  if (event.type === "update") return;
  const { key: _, severity, message, ...fields } = event.type === "add" ? event.item : event.before;
  if (event.type === "delete") {
    logger.info(fields, `over: ${formatOrigin(fields)}: ${message}`);
    return;
  }
  const text = formatManifestError({ ...fields, message }).replace("\n    ", "; ");
  if (severity === "error") logger.error(fields, text);
  else if (severity === "warning") logger.warn(fields, text);
  else logger.info(fields, text);
}

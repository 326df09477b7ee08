/** A finding as one line: "file:line:column: Kind namespace/name: field: message", as ingest words its errors. */
import type { Finding } from "../model/finding.ts";
import type { Sources } from "../model/sources.ts";
import type { ObjectStatus } from "../translate/object-status.ts";

export function placeFinding(
  status: ObjectStatus,
  { field, message }: Finding,
  sources: Pick<Sources, "positionOf">,
): string {
  const name = status.namespace === "" ? status.name : `${status.namespace}/${status.name}`;
  const origin = sources.positionOf?.(status.kind, name, field);
  const place = origin === undefined ? "" : `${origin.file}:${origin.line}:${origin.column}`;
  return [place, `${status.kind} ${name}`, field, message].filter((part) => part !== "").join(": ");
}

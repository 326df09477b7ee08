/**
 * RequestHeaderModifier and ResponseHeaderModifier, compiled: drop every line whose name is in `removeNames`, then write
 * the lines of `set`, then those of `add` (each a line of its own: a value is never joined to another). Names compare
 * without case; headers that frame the message or belong to one connection are the proxy's own.
 */
import type { Problems } from "../route/problems.ts";
import { type HeaderLine, isToken, parseHeaderLine } from "./header-line.ts";

export interface HeaderModifier {
  readonly set: readonly HeaderLine[];
  readonly add: readonly HeaderLine[];
  /** Lower-case; those of `set` too, so that originals go. */
  readonly removeNames: ReadonlySet<string>;
}

/** As written in a route. */
export interface HeaderModifierInput {
  readonly set?: readonly HeaderInput[] | null;
  readonly add?: readonly HeaderInput[] | null;
  readonly remove?: readonly string[] | null;
}

interface HeaderInput {
  readonly name?: string | null;
  readonly value?: string | null;
}

/** Why each of these cannot be touched by a filter. */
const ownHeaders: ReadonlyMap<string, string> = new Map([
  ["content-length", "it frames the message"],
  ["transfer-encoding", "it frames the message"],
  ["connection", "it belongs to one connection"],
  ["keep-alive", "it belongs to one connection"],
  ["proxy-connection", "it belongs to one connection"],
  ["te", "it belongs to one connection"],
  ["trailer", "it frames the message"],
  ["upgrade", "it belongs to one connection"],
  ["expect", "the proxy answers it"],
  ["host", "use the hostname of a URLRewrite filter"],
]);

export function compileHeaderModifier(
  input: HeaderModifierInput,
  field: string,
  problems: Problems,
): HeaderModifier {
  const set = compileLines(input.set ?? [], `${field}.set`, problems);
  const add = compileLines(input.add ?? [], `${field}.add`, problems);
  const removeNames = new Set(set.map((line) => line.lower));
  for (const [index, name] of (input.remove ?? []).entries()) {
    const problem = isToken(name) ? ownershipProblem(name) : `${JSON.stringify(name)} is not a header name`;
    if (problem === undefined) removeNames.add(name.toLowerCase());
    else problems.add(`${field}.remove[${index}]`, problem);
  }
  return { set, add, removeNames };
}

const noLines: readonly HeaderLine[] = [];

/** Of entries with equivalent names the first counts (Gateway API, HTTPHeader.name). */
function compileLines(
  headers: readonly HeaderInput[],
  field: string,
  problems: Problems,
): readonly HeaderLine[] {
  if (headers.length === 0) return noLines;
  const lines: HeaderLine[] = [];
  for (const [index, header] of headers.entries()) {
    const line = parseHeaderLine(header.name ?? "", header.value ?? "");
    const problem = typeof line === "string" ? line : ownershipProblem(line.name);
    if (problem !== undefined) problems.add(`${field}[${index}]`, problem);
    else if (typeof line !== "string" && !lines.some((other) => other.lower === line.lower)) lines.push(line);
  }
  // A copy is as long as it has to be; what was pushed to has room for sixteen more.
  return [...lines];
}

/** Why the proxy alone may write this header; undefined: anybody may. */
export function ownershipProblem(name: string): string | undefined {
  const why = ownHeaders.get(name.toLowerCase());
  return why === undefined ? undefined : `the header ${name} cannot be changed by a filter: ${why}`;
}

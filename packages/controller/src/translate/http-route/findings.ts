/**
 * What is wrong with a route, gathered while it is translated. Values that cannot be served make a rule answer 500; references
 * that lead nowhere make their share of the requests answer 500 (Gateway API: never skipped, never sent elsewhere).
 */

export type InvalidReason = "UnsupportedValue" | "IncompatibleFilters";
export type UnresolvedReason = "InvalidKind" | "BackendNotFound" | "RefNotPermitted" | "UnsupportedProtocol";

export interface Invalid {
  readonly reason: InvalidReason;
  /** With the field's path: "rules[0].matches[1].path.value: ...". */
  readonly message: string;
}

export interface Unresolved {
  readonly reason: UnresolvedReason;
  readonly message: string;
}

export class Findings {
  readonly invalid: Invalid[] = [];
  readonly unresolved: Unresolved[] = [];

  refuse(at: string, message: string, reason: InvalidReason = "UnsupportedValue"): void {
    this.invalid.push({ reason, message: `${at}: ${message}` });
  }

  unresolve(at: string, reason: UnresolvedReason, message: string): void {
    this.unresolved.push({ reason, message: `${at}: ${message}` });
  }
}

/** The first few of many, so that a condition stays readable. */
export function summarize(messages: readonly string[]): string {
  const shown = messages.slice(0, 5).join("; ");
  return messages.length > 5 ? `${shown}; and ${messages.length - 5} more` : shown;
}

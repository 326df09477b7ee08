/**
 * What is wrong with a route, gathered while it is translated. Values that cannot be served make a rule answer 500; references
 * that lead nowhere make their share of the requests answer 500 (Gateway API: never skipped, never sent elsewhere).
 */

export type InvalidReason = "UnsupportedValue" | "IncompatibleFilters";
export type UnresolvedReason = "InvalidKind" | "BackendNotFound" | "RefNotPermitted" | "UnsupportedProtocol";

interface Fault<Reason> {
  readonly reason: Reason;
  /** From the route's spec: "rules[0].matches[1].path.value". */
  readonly field: string;
  readonly message: string;
}

export type Invalid = Fault<InvalidReason>;
export type Unresolved = Fault<UnresolvedReason>;

export class Faults {
  readonly invalid: Invalid[] = [];
  readonly unresolved: Unresolved[] = [];

  refuse(field: string, message: string, reason: InvalidReason = "UnsupportedValue"): void {
    this.invalid.push({ reason, field, message });
  }

  unresolve(field: string, reason: UnresolvedReason, message: string): void {
    this.unresolved.push({ reason, field, message });
  }
}

export function describeFaults(faults: readonly (Invalid | Unresolved)[]): string {
  return summarize(faults.map(({ field, message }) => `${field}: ${message}`));
}

/** The first few of many, so that a condition stays readable. */
export function summarize(messages: readonly string[]): string {
  const shown = messages.slice(0, 5).join("; ");
  return messages.length > 5 ? `${shown}; and ${messages.length - 5} more` : shown;
}

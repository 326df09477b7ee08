/**
 * One thing that people should know of an object: what conditions summarise, piece by piece and with the field that it is
 * about, so that logs and `--once` can point at the line in the file.
 */
export interface Finding {
  /** error: something does not do what it says. warning: something has no effect. info: for the record. */
  readonly severity: "error" | "warning" | "info";
  /** "spec.rules[0].backendRefs[1]"; "" for the object as a whole. */
  readonly field: string;
  readonly message: string;
}

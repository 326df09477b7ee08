/** What a check finds wrong with a value, before it is known where in a file that is. */
import type { FieldPath } from "./field-path.ts";

export interface SchemaIssue {
  readonly path: FieldPath;
  /** Where to point: at the field's name or at what it holds. A missing field is pointed at by its parent. */
  readonly at: "key" | "value" | "parent";
  readonly message: string;
  readonly hint?: string;
  /** Set where a text was wanted and YAML made something else of what was written: the hint quotes it as it stands. */
  readonly wantsQuotes?: boolean;
}

/**
 * What a kind of ours says of itself; to-crd.ts makes the CustomResourceDefinition of it. This folder is read when files are
 * generated, never by a running Waystone: elsewhere its types alone are imported (kubernetes/waystone.ts hands them on).
 */
import type { Static, TObject } from "typebox";

export interface CrdKind {
  readonly kind: string;
  readonly plural: string;
  readonly version: "v1alpha1";
  readonly scope: "Namespaced" | "Cluster";
  readonly shortNames?: readonly string[];
  /** What `kubectl explain` says first. */
  readonly description: string;
  readonly spec: TObject;
  /** `waystone run` takes it from files. */
  readonly isInFiles: boolean;
  readonly isSpecRequired: boolean;
  /** Written by the controller through its subresource; undefined: the kind has none. */
  readonly status?: TObject;
  /** Columns of `kubectl get`, between NAME and AGE. */
  readonly columns: readonly PrinterColumn[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date";
  readonly jsonPath: string;
  /** Above 0: shown by `-o wide` alone. */
  readonly priority?: number;
}

/** A rule in CEL that the API server holds an object against. `message` is what its user reads. */
export interface Validation {
  readonly rule: string;
  readonly message: string;
}

/** The TypeScript type of a schema, as those have it who only read. */
export type SpecOf<Schema extends TObject> = DeepReadonly<Static<Schema>>;

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/**
 * The subset of JSON Schema that Kubernetes' "structural" schemas use, and the shape of the generated files beside this one
 * (scripts/generate-schemas.ts). Objects are closed: a field that `properties` does not name is an error, unless the
 * schema is a map (`additionalProperties`) or keeps unknown fields.
 */

export type SchemaType = "object" | "array" | "string" | "integer" | "number" | "boolean";

export interface StructuralSchema {
  readonly $ref?: string;
  readonly type?: SchemaType;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  /** The schema of every value: this object is a map. */
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  /** Items of the list must differ in these fields taken together. */
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  /** "set": items of the list must differ. */
  readonly "x-kubernetes-list-type"?: "set";
}

export interface KindSchema {
  /** "" for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Served versions, the preferred one first. */
  readonly versions: readonly string[];
  readonly schema: StructuralSchema;
}

export interface SchemaFile {
  /** What it was made from, e.g. "sigs.k8s.io/gateway-api v1.7.0, experimental channel". */
  readonly source: string;
  /**
   * How an explicit null reads: "absent" as Go's JSON decoding of the built-in kinds has it, "error" as the API server
   * treats custom resources (a null for a field that has a default reads as the default in both).
   */
  readonly nulls: "absent" | "error";
  readonly kinds: readonly KindSchema[];
  /** What `$ref` names: "#/definitions/<name>". */
  readonly definitions: Readonly<Record<string, StructuralSchema>>;
}

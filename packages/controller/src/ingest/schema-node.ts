/**
 * Structural schemas made ready for checking: references resolved (when first needed, so that a kind nobody uses costs
 * nothing), patterns compiled, lookups made sets.
 */
import type { SchemaFile, StructuralSchema } from "@waystone/api/schema/structural-schema";

export interface SchemaNode {
  readonly schema: StructuralSchema;
  readonly fields: ReadonlyMap<string, () => SchemaNode> | undefined;
  readonly required: readonly string[];
  /** What is filled in where a field is absent. */
  readonly defaults: readonly { readonly name: string; readonly value: unknown }[];
  readonly mapValues: (() => SchemaNode) | undefined;
  readonly items: (() => SchemaNode) | undefined;
  readonly pattern: RegExp | undefined;
  readonly keepsUnknown: boolean;
  readonly nullsAreAbsent: boolean;
}

export function compileSchema(file: SchemaFile, schema: StructuralSchema): SchemaNode {
  return new SchemaCompiler(file).compile(schema);
}

class SchemaCompiler {
  readonly #file: SchemaFile;
  readonly #byReference = new Map<string, SchemaNode>();

  constructor(file: SchemaFile) {
    this.#file = file;
  }

  compile(schema: StructuralSchema): SchemaNode {
    if (schema.$ref !== undefined) return this.#follow(schema.$ref);
    const { properties, additionalProperties, items, pattern } = schema;
    const fields = Object.entries(properties ?? {});
    return {
      schema,
      fields: properties && new Map(fields.map(([name, field]) => [name, this.#later(field)])),
      required: schema.required ?? [],
      defaults: fields
        .filter(([, field]) => field.default !== undefined)
        .map(([name, field]) => ({ name, value: field.default })),
      mapValues: additionalProperties && this.#later(additionalProperties),
      items: items && this.#later(items),
      pattern: pattern === undefined ? undefined : new RegExp(pattern),
      keepsUnknown: schema["x-kubernetes-preserve-unknown-fields"] === true || schema.type === undefined,
      nullsAreAbsent: this.#file.nulls === "absent",
    };
  }

  #later(schema: StructuralSchema): () => SchemaNode {
    let node: SchemaNode | undefined;
    return () => (node ??= this.compile(schema));
  }

  #follow(reference: string): SchemaNode {
    let node = this.#byReference.get(reference);
    if (node === undefined) {
      const schema = this.#file.definitions[reference.replace("#/definitions/", "")];
      if (schema === undefined) throw new Error(`schema of ${this.#file.source} has no ${reference}`);
      node = this.compile(schema);
      this.#byReference.set(reference, node);
    }
    return node;
  }
}

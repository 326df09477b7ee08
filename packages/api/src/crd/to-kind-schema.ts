/** A kind of ours -> the schema that files are checked against: that of its CRD, without what only people and the API server read. */
import { waystoneGroup } from "../names.ts";
import type { KindSchema, StructuralSchema } from "../schema/structural-schema.ts";
import type { CrdKind } from "./crd-kind.ts";
import { toStructuralSchema } from "./to-structural-schema.ts";

/** `metadata` is a definition of the file that the schema goes into. */
export function toKindSchema(kind: CrdKind): KindSchema {
  return {
    group: waystoneGroup,
    kind: kind.kind,
    namespaced: kind.scope === "Namespaced",
    versions: [kind.version],
    schema: {
      type: "object",
      ...(kind.isSpecRequired && { required: ["spec"] }),
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { $ref: "#/definitions/ObjectMeta" },
        spec: trim(toStructuralSchema(kind.spec, `${kind.kind}.spec`)) as StructuralSchema,
        // Written by a controller: what a dump of a cluster has there is neither checked nor kept.
        status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
  };
}

function trim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trim);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      if (key === "properties") return [[key, trimFields(each as object)]];
      const isRead = key !== "description" && key !== "x-kubernetes-validations" && each !== "atomic";
      return isRead ? [[key, trim(each)]] : [];
    }),
  );
}

/** A field may be named "description". */
function trimFields(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, trim(field)]));
}

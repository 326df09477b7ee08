/** A kind of ours -> its CustomResourceDefinition, as the chart has it. */
import { waystoneGroup } from "../names.ts";
import type { CrdKind, PrinterColumn } from "./crd-kind.ts";
import { toStructuralSchema, UnstructuralSchema } from "./to-structural-schema.ts";

const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

export const crdName = ({ plural }: Pick<CrdKind, "plural">): string => `${plural}.${waystoneGroup}`;

/** Keys in the order in which people read them. */
export function toCrd(kind: CrdKind) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: crdName(kind),
      labels: { "app.kubernetes.io/part-of": "waystone" },
      // Helm deletes what it made, and the API server every object of a kind that is deleted: people's own work.
      annotations: { "helm.sh/resource-policy": "keep" },
    },
    spec: {
      group: waystoneGroup,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.kind.toLowerCase(),
        ...(kind.shortNames !== undefined && { shortNames: kind.shortNames }),
        categories: ["waystone"],
      },
      scope: kind.scope,
      versions: [
        {
          name: kind.version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: rootSchema(kind) },
          ...(kind.status !== undefined && { subresources: { status: {} } }),
          additionalPrinterColumns: [...kind.columns, age],
        },
      ],
    },
  };
}

function rootSchema({ kind, description, spec, isSpecRequired, status }: CrdKind) {
  if (description.includes("{{"))
    throw new UnstructuralSchema(kind, "{{ in a description begins a Helm action");
  return {
    description,
    type: "object",
    ...(isSpecRequired && { required: ["spec"] }),
    properties: {
      apiVersion: { type: "string", description: "The group and version of this kind." },
      kind: { type: "string", description: "The name of this kind." },
      metadata: { type: "object" },
      spec: toStructuralSchema(spec, `${kind}.spec`),
      ...(status !== undefined && { status: toStructuralSchema(status, `${kind}.status`) }),
    },
  };
}

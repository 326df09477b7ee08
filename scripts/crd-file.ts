/** The CRD of a kind as the text of a file in the chart. The same sources give the same bytes. */
import { stringify } from "yaml";
import type { CrdKind } from "../packages/api/src/crd/crd-kind.ts";
import { crdName, toCrd } from "../packages/api/src/crd/to-crd.ts";

export const crdFile = (kind: CrdKind): string => `charts/waystone/templates/crds/${crdName(kind)}.yaml`;

export function crdText(kind: CrdKind): string {
  const yaml = stringify(toCrd(kind), { lineWidth: 110, aliasDuplicateObjects: false });
  return `# Made by \`npm run generate\` from packages/api/src/crd: do not edit.\n${yaml}`;
}

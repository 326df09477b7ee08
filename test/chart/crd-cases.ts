/** packages/api/src/crd/testdata: objects of our kinds, good and bad, for every judge that there is. */
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { CrdKind } from "@waystone/api/crd/crd-kind";

export interface CrdCase {
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** Part of what the API server says; undefined: it takes the object. */
  readonly error: string | undefined;
  /** Whether the schema alone refuses it, without rules in CEL. */
  readonly isBySchema: boolean;
}

const folder = new URL("../../packages/api/src/crd/testdata/", import.meta.url);

export function readCrdCases({ kind }: CrdKind): readonly CrdCase[] {
  const file = kind.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
  return ["valid", "invalid"].flatMap((part) => readCases(`${file}-${part}.yaml`));
}

function readCases(file: string): readonly CrdCase[] {
  return parseAllDocuments(readFileSync(new URL(file, folder), "utf8")).map((document) => {
    const { _err, _by, ...object } = document.toJS() as Readonly<Record<string, unknown>>;
    const { name } = object["metadata"] as { readonly name: string };
    return {
      name,
      object,
      error: _err as string | undefined,
      isBySchema: _err !== undefined && _by === undefined,
    };
  });
}

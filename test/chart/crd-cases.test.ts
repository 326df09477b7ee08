/** Our kinds' schemas, judged by the checks that `waystone run` holds manifests against. The API server's part: suite/crd.test.ts. */
import { describe, expect, test } from "vitest";
import { crdKinds } from "@waystone/api/crd/crd-kinds";
import { toCrd } from "@waystone/api/crd/to-crd";
import type { StructuralSchema } from "@waystone/api/schema/structural-schema";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { checkPolicyRules } from "@waystone/controller/ingest/check-policy-rules";
import { checkSchema } from "@waystone/controller/ingest/check-schema";
import { formatFieldPath } from "@waystone/controller/ingest/field-path";
import { compileSchema, type SchemaNode } from "@waystone/controller/ingest/schema-node";
import { readCrdCases } from "./crd-cases.ts";

describe.for(crdKinds)("$kind", (kind) => {
  const schema = toCrd(kind).spec.versions[0]?.schema.openAPIV3Schema as StructuralSchema;
  const node = compileSchema({ source: kind.kind, nulls: "error", kinds: [], definitions: {} }, schema);
  const cases = readCrdCases(kind);

  test.for(cases.filter(({ isBySchema }) => !isBySchema))("the schema takes $name", ({ object }) => {
    expect(checkSchema(node, structuredClone(object)).issues).toEqual([]);
  });

  test.for(cases.filter(({ isBySchema }) => isBySchema))("the schema refuses $name", ({ object, error }) => {
    const paths = checkSchema(node, structuredClone(object)).issues.map(({ path }) => formatFieldPath(path));
    // A key with a dot or a slash is quoted in our paths and not in the API server's.
    expect(paths.map((path) => path.replaceAll(/\["?([^"\]]*[./][^"\]]*)"?\]/g, ".$1"))).toEqual([
      expect.toSatisfy(
        (path: string) => error?.includes(path) === true,
        `a field that is named in: ${error}`,
      ),
    ]);
  });

  const byRule = cases.filter(
    ({ error, isBySchema }) => kind.isInFiles && error !== undefined && !isBySchema,
  );
  test.for(byRule)("files are held against the rule that refuses $name", ({ object, error }) => {
    const messages = checkPolicyRules(checkedObject(node, object)).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining(error ?? "")]);
  });

  const good = cases.filter(({ error }) => kind.isInFiles && error === undefined);
  test.for(good)("no rule for files refuses $name", ({ object }) => {
    expect(checkPolicyRules(checkedObject(node, object))).toEqual([]);
  });

  test("there are cases of both", () => {
    expect(cases.filter(({ error }) => error === undefined).length).toBeGreaterThan(3);
    expect(cases.filter(({ error }) => error !== undefined).length).toBeGreaterThan(10);
  });
});

/** With defaults, as the rules get it. */
function checkedObject(node: SchemaNode, object: object): KubernetesObject {
  return checkSchema(node, structuredClone(object)).value as KubernetesObject;
}

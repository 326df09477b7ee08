/** Values, their schema and the templates say the same. What Helm makes of them: test/cluster/suite/chart.test.ts. */
import { Compile } from "typebox/schema";
import { describe, expect, test } from "vitest";
import { readChartFile, readChartYaml, readTemplates } from "./chart-files.ts";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly $ref?: string;
}

const values = readChartYaml("values.yaml") as object;
const schema = JSON.parse(readChartFile("values.schema.json")) as Schema;

/** "controller.podMonitor.enabled": each place where values end, an empty or free map being one. */
function leaves(value: unknown, place: Schema | undefined, path = ""): readonly string[] {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap || place?.properties === undefined) return [path];
  const under = (name: string): string => (path === "" ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, each]) => leaves(each, place.properties?.[name], under(name)));
}

function schemaLeaves(place: Schema, path = ""): readonly string[] {
  if (place.properties === undefined) return [path];
  const under = (name: string): string => (path === "" ? name : `${path}.${name}`);
  return Object.entries(place.properties).flatMap(([name, each]) => schemaLeaves(each, under(name)));
}

describe("the schema", () => {
  test("takes the defaults", () => {
    expect(Compile(schema).Errors(values)[1]).toEqual([]);
  });

  test("knows every value, and every value that it knows has a default", () => {
    const known = schemaLeaves(schema).filter((path) => path !== "global");
    expect(leaves(values, schema).toSorted()).toEqual(known.toSorted());
  });

  test("is closed: a misspelt value is an error and not a default in disguise", () => {
    const open: string[] = [];
    const walk = (place: Schema, path: string): void => {
      if (place.properties !== undefined && place.additionalProperties !== false) open.push(path);
      for (const [name, each] of Object.entries(place.properties ?? {})) walk(each, `${path}.${name}`);
      if (place.items !== undefined) walk(place.items, `${path}[]`);
    };
    walk(schema, "");
    expect(open).toEqual([]);
  });
});

describe("the templates", () => {
  const text = readTemplates()
    .map((template) => template.text)
    .join("\n");
  const used = new Set([...text.matchAll(/\.Values\.([A-Za-z.]+)/g)].map(([, path]) => path ?? ""));
  const known = leaves(values, schema);

  test("use every value", () => {
    // {{ $image := .Values.image }} uses all below it.
    const isUsed = (path: string): boolean =>
      [...used].some((each) => path === each || path.startsWith(`${each}.`));
    expect(known.filter((path) => !isUsed(path))).toEqual([]);
  });

  test("use no value that is not there", () => {
    const isKnown = (path: string): boolean =>
      known.some((each) => each === path || each.startsWith(`${path}.`));
    expect([...used].filter((path) => !isKnown(path))).toEqual([]);
  });
});

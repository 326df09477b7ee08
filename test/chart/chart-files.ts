/** The chart as files, for tests without Helm: values, their schema, and the templates' text. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

export const chartFolder: string = path.resolve(import.meta.dirname, "../../charts/waystone");

export interface Template {
  /** Relative to templates/. */
  readonly file: string;
  readonly text: string;
}

export function readChartFile(file: string): string {
  return readFileSync(path.join(chartFolder, file), "utf8");
}

export function readChartYaml(file: string): unknown {
  return parse(readChartFile(file));
}

export function readTemplates(): readonly Template[] {
  const files = globSync("**/*", { cwd: path.join(chartFolder, "templates") }).filter((file) =>
    /\.(yaml|tpl|txt)$/.test(file),
  );
  return files.toSorted().map((file) => ({ file, text: readChartFile(`templates/${file}`) }));
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The rules of a role's template, which are plain: lines with actions of Helm's are left out. */
export function readRules(file: string, kind: "ClusterRole" | "Role"): readonly Rule[] {
  const plain = readChartFile(`templates/${file}`)
    .split("\n")
    .filter((line) => !line.includes("{{"))
    .join("\n");
  const documents = plain
    .split(/^---$/m)
    .map((text) => parse(text) as { kind?: string; rules?: Rule[] } | null);
  const found = documents.find((document) => document?.kind === kind)?.rules;
  if (found === undefined) throw new Error(`no rules of a ${kind} in ${file}`);
  return found;
}

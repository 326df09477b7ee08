/** Finds the tables below a path, asks every request of them of its manifests, and tells which came out as expected. */
import { errorMessage } from "@waystone/base/error-message";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { CliError } from "../cli-error.ts";
import { Asker } from "../explain/ask.ts";
import { describeOutcome } from "../explain/render-explanation.ts";
import { openFileWorld, type World } from "../explain/world.ts";
import { judgeTest } from "./judge-test.ts";
import { parseTestTable, type TableTest, type TestTable } from "./expectation-table.ts";

export interface TableResult {
  readonly file: string;
  readonly results: readonly TestResult[];
}

export interface TestResult {
  readonly test: TableTest;
  /** Lines for people; "": as expected. */
  readonly failure: string;
}

/** `manifests`: of all tables, in place of what they name. Throws a CliError for what keeps a table from being run. */
export async function runTables(
  where: string,
  manifests: readonly string[],
): Promise<readonly TableResult[]> {
  const tables = findTables(where);
  if (tables.length === 0)
    throw new CliError(`${where}: there is no table of tests: a YAML file with "tests:"`);
  const results: TableResult[] = [];
  for (const table of tables) results.push(await runTable(table, manifests));
  return results;
}

async function runTable(table: TestTable, manifests: readonly string[]): Promise<TableResult> {
  const own = table.manifests.map((each) =>
    path.isAbsolute(each) ? each : path.join(path.dirname(table.file), each),
  );
  const paths = manifests.length > 0 ? manifests : own;
  if (paths.length === 0)
    throw new CliError(`${table.file}: name its manifests ("manifests: [...]"), or give -f`);
  const world = await openFileWorld(paths);
  try {
    // A policy that is not in force as written would be tested as if it were not there.
    const problems = world.problems();
    if (problems.length > 0) throw new CliError(["the manifests have problems", ...problems].join("\n  "));
    const asker = new Asker(world);
    const results: TestResult[] = [];
    for (const test of table.tests) results.push({ test, failure: await runTest(asker, table.file, test) });
    return { file: table.file, results };
  } finally {
    world.close();
  }
}

async function runTest(
  asker: Asker,
  file: string,
  { request, expect, line, column }: TableTest,
): Promise<string> {
  let explanation;
  try {
    ({ explanation } = await asker.ask(request));
  } catch (error) {
    if (error instanceof CliError) throw new CliError(`${file}:${line}:${column}: ${errorMessage(error)}`);
    throw error;
  }
  const differences = judgeTest(expect, explanation);
  if (differences.length === 0) return "";
  const decisive = explanation.steps.filter(({ decides }) => decides);
  return [
    ...differences.map(
      ({ field, expected, actual }) => `${field}: expected ${expected}, and it is ${actual}`,
    ),
    ...explanation.outcomes.map(describeOutcome),
    ...decisive.map(({ text, object, field }) => `> ${text}${placeOf(asker.world, object, field)}`),
  ].join("\n");
}

function placeOf(world: World, object: string, field: string): string {
  const origin = object === "" ? undefined : world.positionOf(object, field);
  return origin === undefined ? "" : `  ${origin.file}:${origin.line}:${origin.column}`;
}

function findTables(where: string): readonly TestTable[] {
  return listFiles(where).flatMap((file) => parseTestTable(file, readFileSync(file, "utf8")) ?? []);
}

function listFiles(where: string): readonly string[] {
  try {
    if (!statSync(where).isDirectory()) return [where];
    return readdirSync(where, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted()
      .map((name) => path.join(where, name));
  } catch (error) {
    throw new CliError(`${where} cannot be read: ${errorMessage(error)}`);
  }
}

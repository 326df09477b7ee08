/** Results for people: a line for each test, what differs below it, and the count. */
import type { TableResult } from "./run-tables.ts";

export function renderResults(tables: readonly TableResult[]): string {
  const all = tables.flatMap(({ file, results }) => results.map((result) => ({ file, ...result })));
  const places = all.map(({ file, test }) => `${file}:${test.line}`);
  const width = Math.max(0, ...places.map(({ length }) => length));
  const lines = all.flatMap(({ test, failure }, at) => [
    `${failure === "" ? "ok  " : "FAIL"}  ${places[at]!.padEnd(width)}  ${test.name}`,
    ...(failure === "" ? [] : failure.split("\n").map((line) => `        ${line}`)),
  ]);
  const failed = countFailures(tables);
  return `${[...lines, "", `${all.length - failed} passed, ${failed} failed`].join("\n")}\n`;
}

export function countFailures(tables: readonly TableResult[]): number {
  return tables.flatMap(({ results }) => results).filter(({ failure }) => failure !== "").length;
}

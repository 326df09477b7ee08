/** What a run of vitest came to, in the words of our own reporter: counts, and a line for whatever failed or was flaky. */
import { readFile } from "node:fs/promises";
import path from "node:path";

export interface VitestReport {
  readonly passed: number;
  /** Tests, hooks, files that did not load, errors that nobody caught: one line of `failures` each. */
  readonly failed: number;
  /** "file > test: first line of the error", with what each try said when there were several. */
  readonly failures: readonly string[];
  /** The same of tests that failed first and passed when they ran again (`--retry`): a defect of the test or of the product. */
  readonly flaky: readonly string[];
}

/** Has vitest print as the reporter of that name does, and write the report to `file`. */
export function reportArguments(printsAs: "default" | "verbose", file: string): readonly string[] {
  const ours = path.join(import.meta.dirname, "vitest-reporter.ts");
  return [`--reporter=${printsAs}`, `--reporter=${ours}`, `--outputFile.waystone=${file}`];
}

/** The lines about it that every command which counts tests prints before its last one. */
export function linesOf({ failures, flaky }: Pick<VitestReport, "failures" | "flaky">): readonly string[] {
  return [...flaky.map((each) => `flaky: ${each}`), ...failures.map((each) => `failed: ${each}`)];
}

/** Nothing passed and nothing failed, where there is no readable report: vitest ended before its end. */
export async function readVitestReport(file: string): Promise<VitestReport> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as VitestReport;
  } catch {
    return { passed: 0, failed: 0, failures: [], flaky: [] };
  }
}

/** Whatever makes vitest fail without a word of what, or run no test at all, is a failure too. */
export function withFailureOtherwise(report: VitestReport, exitCode: number): VitestReport {
  const { passed, failed } = report;
  if (failed > 0 || (exitCode === 0 && passed > 0)) return report;
  const what = passed === 0 ? "no test ran" : "nothing is said to have failed";
  return { ...report, failed: 1, failures: [`vitest ended with exit code ${exitCode}, and ${what}`] };
}

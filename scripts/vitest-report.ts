/** What vitest's JSON reporter wrote: counts, and a line for each test and each file that failed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { repositoryRoot } from "./run-command.ts";

export interface VitestReport {
  readonly passed: number;
  readonly failed: number;
  /** "file > test: first line of the error", of a file that did not load without a test. */
  readonly failures: readonly string[];
  /** The same of tests that failed first and passed when they ran again (`--retry`): a defect of the test or of the product. */
  readonly flaky: readonly string[];
}

/** The lines about it that every command which counts tests prints before its last one. */
export function linesOf({ failures, flaky }: Pick<VitestReport, "failures" | "flaky">): readonly string[] {
  return [...flaky.map((each) => `flaky: ${each}`), ...failures.map((each) => `failed: ${each}`)];
}

interface ReportFile {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Nothing passed and nothing failed, where there is no readable report: vitest ended before its end. */
export async function readVitestReport(file: string): Promise<VitestReport> {
  let report: ReportFile;
  try {
    report = JSON.parse(await readFile(file, "utf8")) as ReportFile;
  } catch {
    return { passed: 0, failed: 0, failures: [], flaky: [] };
  }
  const { numPassedTests: passed, numFailedTests: failed, testResults } = report;
  const failures = testResults.flatMap((file) => {
    const tests = linesAbout(file, "failed");
    return tests.length === 0 && file.status === "failed"
      ? [`${placeOf(file)}: ${firstLine(file.message)}`]
      : tests;
  });
  const flaky = testResults.flatMap((file) => linesAbout(file, "passed"));
  return { passed, failed, failures, flaky };
}

type TestFile = ReportFile["testResults"][number];

const placeOf = ({ name }: TestFile): string => path.relative(repositoryRoot, name);

/** Its tests that ended so, and failed at least once. */
function linesAbout(file: TestFile, status: "failed" | "passed"): readonly string[] {
  return file.assertionResults
    .filter((test) => test.status === status && (status === "failed" || test.failureMessages.length > 0))
    .map(
      ({ fullName, failureMessages }) => `${placeOf(file)} > ${fullName}: ${firstLines(failureMessages[0])}`,
    );
}

const firstLine = (text = ""): string => text.split("\n", 1)[0] ?? "";

/** Of a property also its seed and counterexample, which stand in the two lines after. */
function firstLines(text = ""): string {
  return text.startsWith("Error: Property failed") ? text.split("\n", 3).join(" ") : firstLine(text);
}

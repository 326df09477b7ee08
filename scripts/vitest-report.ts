/** What vitest's JSON reporter wrote: counts, and a line for each test and each file that failed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { repositoryRoot } from "./run-command.ts";

export interface VitestReport {
  readonly passed: number;
  readonly failed: number;
  /** "file > test: first line of the error", of a file that did not load without a test. */
  readonly failures: readonly string[];
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
    return { passed: 0, failed: 0, failures: [] };
  }
  const { numPassedTests: passed, numFailedTests: failed, testResults } = report;
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const place = path.relative(repositoryRoot, name);
    const tests = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) => `${place} > ${fullName}: ${firstLines(failureMessages[0])}`);
    return tests.length === 0 && status === "failed" ? [`${place}: ${firstLine(message)}`] : tests;
  });
  return { passed, failed, failures };
}

const firstLine = (text = ""): string => text.split("\n", 1)[0] ?? "";

/** Of a property also its seed and counterexample, which stand in the two lines after. */
function firstLines(text = ""): string {
  return text.startsWith("Error: Property failed") ? text.split("\n", 3).join(" ") : firstLine(text);
}

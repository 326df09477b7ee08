/**
 * `npm test [-- vitest arguments]`: runs every test and ends with one line "N passed, N failed". Whatever makes vitest fail
 * without a failed test (a file that does not load, an unhandled error, no test at all) counts as one.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { repositoryRoot, runNode } from "./run-command.ts";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

async function readReport(file: string): Promise<Report> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Report;
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 };
  }
}

const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-test-"));
const reportFile = path.join(scratch, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
const vitest = path.join(repositoryRoot, "node_modules/vitest/vitest.mjs");
const { exitCode } = await runNode([vitest, "run", ...reporters, ...process.argv.slice(2)], { echo: true });
const report = await readReport(reportFile);
await rm(scratch, { recursive: true, force: true });

const nothingRan = report.numPassedTests + report.numFailedTests === 0;
if (nothingRan) console.log("no test ran: that counts as a failure");
const failedOtherwise = report.numFailedTests === 0 && (exitCode !== 0 || nothingRan) ? 1 : 0;
const failed = report.numFailedTests + failedOtherwise;
console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

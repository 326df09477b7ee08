/**
 * `npm test [-- vitest arguments]`: runs every test and ends with one line "N passed, N failed". Whatever makes vitest fail
 * without a failed test (a file that does not load, an unhandled error, no test at all) counts as one.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { repositoryRoot, runNode } from "./run-command.ts";
import { linesOf, readVitestReport } from "./vitest-report.ts";

const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-test-"));
const reportFile = path.join(scratch, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
const vitest = path.join(repositoryRoot, "node_modules/vitest/vitest.mjs");
const { exitCode } = await runNode([vitest, "run", ...reporters, ...process.argv.slice(2)], { echo: true });
const report = await readVitestReport(reportFile);
await rm(scratch, { recursive: true, force: true });

const nothingRan = report.passed + report.failed === 0;
if (nothingRan) console.log("no test ran: that counts as a failure");
for (const line of linesOf(report)) console.log(line);
const failedOtherwise = report.failed === 0 && (exitCode !== 0 || nothingRan) ? 1 : 0;
const failed = report.failed + failedOtherwise;
console.log(`${report.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

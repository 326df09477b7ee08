/**
 * `npm test [-- vitest arguments]`: runs every test and ends with one line "N passed, N failed". Whatever makes vitest fail
 * without a failed test (a file that does not load, an unhandled error, no test at all) counts as one.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { repositoryRoot, runNode } from "./run-command.ts";
import { linesOf, readVitestReport, reportArguments, withFailureOtherwise } from "./vitest-report.ts";

const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-test-"));
const reportFile = path.join(scratch, "report.json");
const reporters = reportArguments("default", reportFile);
const vitest = path.join(repositoryRoot, "node_modules/vitest/vitest.mjs");
const { exitCode } = await runNode([vitest, "run", ...reporters, ...process.argv.slice(2)], { echo: true });
const report = withFailureOtherwise(await readVitestReport(reportFile), exitCode);
await rm(scratch, { recursive: true, force: true });

for (const line of linesOf(report)) console.log(line);
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exitCode = report.failed === 0 ? 0 : 1;

/** `npm run test:examples`: every example, in one process and in two, and the task pages of docs/. */
import { checkExamples } from "./harness/check-example.ts";
import { exampleNames, loadExample } from "./harness/example.ts";
import { playPages } from "./tasks/play-page.ts";

const examples = await checkExamples(await Promise.all(exampleNames().map(loadExample)));
const pages = await playPages();
const failed = examples.failed + pages.failed;
console.log(`${examples.passed + pages.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

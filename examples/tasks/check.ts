/** `bin/node examples/tasks/check.ts`: the task pages of docs/ alone. */
import { playPages } from "./play-page.ts";

const { passed, failed } = await playPages();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

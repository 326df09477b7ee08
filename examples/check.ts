/** `npm run test:examples`: every example, in one process and in two. */
import { checkAndExit } from "./harness/check-example.ts";
import { exampleNames, loadExample } from "./harness/example.ts";

await checkAndExit(await Promise.all(exampleNames().map(loadExample)));

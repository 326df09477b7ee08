/**
 * `npm run test:peers [-- suite/h2spec.test.ts]`: HTTP/2 and gRPC against implementations that nobody here wrote, on either side
 * of a waypoint. Builds and fetches them first; ends with one line "N passed, N failed".
 */
import path from "node:path";
import { printCounts, runVitest } from "../cluster/run-vitest.ts";
import { preparePeers } from "./programs.ts";

await preparePeers();
const config = path.join(import.meta.dirname, "vitest.config.ts");
printCounts(await runVitest({ args: process.argv.slice(2), config }));

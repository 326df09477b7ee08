/** What runs before the test files of every suite: nothing, unless first tries are to fail (fail-first-tries.ts). */
import path from "node:path";

const isAsked = process.env["WAYSTONE_FAIL_FIRST_TRIES"] === "1";

export const setupFiles: string[] = isAsked ? [path.join(import.meta.dirname, "fail-first-tries.ts")] : [];

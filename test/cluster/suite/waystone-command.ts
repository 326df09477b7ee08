/** Where the command of this checkout is. */
import path from "node:path";

export const waystoneProgram: string = path.resolve(
  import.meta.dirname,
  "../../../packages/cli/bin/waystone",
);

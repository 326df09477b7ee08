/** How many files and sockets this process may have open: what connections are bounded by, before the kernel does it. */
import { readFileSync } from "node:fs";

/** Node raises the soft limit to the hard one as it starts. Without a limit, or where none can be read: infinite. */
export function readDescriptorLimit(file = "/proc/self/limits"): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  const soft = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

/** How much memory this process may use: what the heaps of the workers are made from. */
import { totalmem } from "node:os";
import { cgroupFolders, readCgroupFiles } from "./cgroup.ts";

export interface MemoryLimitOptions {
  /** "/" but in tests. */
  readonly root?: string;
  /** What the machine has. */
  readonly totalBytes?: number;
}

/**
 * In bytes: the smallest limit of the control groups around this process, and never more than the machine has ("no limit"
 * of version 1 is a number near 2^63). Without a limit, what the machine has.
 */
export function readMemoryLimit({ root = "/", totalBytes = totalmem() }: MemoryLimitOptions = {}): number {
  const folders = cgroupFolders(root, "memory");
  const limits = ["memory.max", "memory.limit_in_bytes"]
    .flatMap((name) => readCgroupFiles(folders, name))
    .map(Number)
    .filter((limit) => limit > 0);
  return Math.min(totalBytes, ...limits);
}

/** How much processor this process may use: what the number of workers is made from. */
import { availableParallelism } from "node:os";
import { cgroupFolders, readCgroupFiles } from "./cgroup.ts";

export interface CpuLimitOptions {
  /** "/" but in tests. */
  readonly root?: string;
  /** What the machine and this process's affinity allow. */
  readonly parallelism?: number;
}

/**
 * In CPUs, with fractions (Kubernetes' "1500m" is 1.5): the smallest limit of the control groups around this process, and
 * never more than the machine has. Without a limit, what the machine has.
 */
export function readCpuLimit({
  root = "/",
  parallelism = availableParallelism(),
}: CpuLimitOptions = {}): number {
  const folders = cgroupFolders(root, "cpu");
  const version2 = readCgroupFiles(folders, "cpu.max").map((text) => {
    const [quota, period] = text.split(/\s+/);
    return cpus(quota, period);
  });
  const version1 = folders.flatMap((folder) => {
    const [quota] = readCgroupFiles([folder], "cpu.cfs_quota_us");
    const [period] = readCgroupFiles([folder], "cpu.cfs_period_us");
    return cpus(quota, period);
  });
  return Math.min(parallelism, ...version1, ...version2);
}

/** Infinity where there is no limit: "max" in version 2, -1 in version 1. */
function cpus(quota: string | undefined, period: string | undefined): number {
  const limit = Number(quota) / Number(period);
  return limit > 0 ? limit : Infinity;
}

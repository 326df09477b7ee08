/** The limits of this process, from control groups as container runtimes lay them out. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readCpuLimit } from "./cpu-limit.ts";
import { readMemoryLimit } from "./memory-limit.ts";

const folder = mkdtempSync(path.join(tmpdir(), "waystone-cgroup-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A root folder with these files in it. */
function rootWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(folder, "root-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), `${content}\n`);
  }
  return root;
}

const mib = 1024 * 1024;
const version2 = { "proc/self/cgroup": "0::/" };
const version1 = {
  "proc/self/cgroup":
    "9:memory:/kubepods/pod1/c1\n4:cpu,cpuacct:/kubepods/pod1/c1\n3:cpuset:/kubepods/pod1/c1\n1:name=systemd:/x",
};

describe("of 8 CPUs", () => {
  test.for<[string, Record<string, string>, number]>([
    ["no files at all mean no limit", {}, 8],
    [
      "version 2, a container's own namespace",
      { ...version2, "sys/fs/cgroup/cpu.max": "150000 100000" },
      1.5,
    ],
    ["version 2, max means no limit", { ...version2, "sys/fs/cgroup/cpu.max": "max 100000" }, 8],
    ["version 2, more than the machine has", { ...version2, "sys/fs/cgroup/cpu.max": "6400000 100000" }, 8],
    ["version 2, less than one", { ...version2, "sys/fs/cgroup/cpu.max": "25000 100000" }, 0.25],
    ["version 2, another period", { ...version2, "sys/fs/cgroup/cpu.max": "100000 50000" }, 2],
    [
      "version 2, the tightest on the way up",
      {
        "proc/self/cgroup": "0::/pod.slice/container",
        "sys/fs/cgroup/pod.slice/container/cpu.max": "400000 100000",
        "sys/fs/cgroup/pod.slice/cpu.max": "200000 100000",
      },
      2,
    ],
    [
      "version 2, a path of the host that is not visible here",
      { "proc/self/cgroup": "0::/kubepods/pod1/c1", "sys/fs/cgroup/cpu.max": "300000 100000" },
      3,
    ],
    [
      "version 2, a group outside of the namespace stays within the mount",
      {
        "proc/self/cgroup": "0::/../..",
        "sys/fs/cgroup/cpu.max": "300000 100000",
        "cpu.max": "1 100000",
        "sys/cpu.max": "1 100000",
      },
      3,
    ],
    [
      "version 1, under the names of both controllers",
      {
        ...version1,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "250000",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      },
      2.5,
    ],
    [
      "version 1, under the name of one controller, in its own folder",
      {
        ...version1,
        "sys/fs/cgroup/cpu/kubepods/pod1/c1/cpu.cfs_quota_us": "50000",
        "sys/fs/cgroup/cpu/kubepods/pod1/c1/cpu.cfs_period_us": "100000",
      },
      0.5,
    ],
    [
      "version 1, -1 means no limit",
      {
        ...version1,
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
      },
      8,
    ],
    [
      "version 1, a quota without a period means none",
      { ...version1, "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000" },
      8,
    ],
    [
      "both versions, the controller in version 1",
      {
        "proc/self/cgroup": "4:cpu,cpuacct:/\n0::/init.scope",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        "sys/fs/cgroup/unified/init.scope/cgroup.procs": "1",
      },
      2,
    ],
    ["nonsense means no limit", { ...version2, "sys/fs/cgroup/cpu.max": "lots" }, 8],
    ["an empty file means no limit", { ...version2, "sys/fs/cgroup/cpu.max": "" }, 8],
  ])("%s", ([, files, expected]) => {
    expect(readCpuLimit({ root: rootWith(files), parallelism: 8 })).toBe(expected);
  });
});

describe("of 1 GiB", () => {
  test.for<[string, Record<string, string>, number]>([
    ["no files at all mean no limit", {}, 1024],
    [
      "version 2, a container's own namespace",
      { ...version2, "sys/fs/cgroup/memory.max": String(256 * mib) },
      256,
    ],
    ["version 2, max means no limit", { ...version2, "sys/fs/cgroup/memory.max": "max" }, 1024],
    [
      "version 2, the tightest on the way up",
      {
        "proc/self/cgroup": "0::/pod.slice/container",
        "sys/fs/cgroup/pod.slice/container/memory.max": "max",
        "sys/fs/cgroup/pod.slice/memory.max": String(512 * mib),
      },
      512,
    ],
    ["version 1", { ...version1, "sys/fs/cgroup/memory/memory.limit_in_bytes": String(128 * mib) }, 128],
    [
      "version 1, its number for no limit",
      { ...version1, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712" },
      1024,
    ],
    ["nonsense means no limit", { ...version2, "sys/fs/cgroup/memory.max": "lots" }, 1024],
  ])("%s", ([, files, expected]) => {
    expect(readMemoryLimit({ root: rootWith(files), totalBytes: 1024 * mib })).toBe(expected * mib);
  });
});

test("this process has limits too", () => {
  expect(readCpuLimit()).toBeGreaterThan(0);
  expect(readMemoryLimit()).toBeGreaterThan(0);
  expect(Number.isFinite(readCpuLimit()) && Number.isFinite(readMemoryLimit())).toBe(true);
});

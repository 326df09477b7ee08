/** What the scheduler says of a process: how long it ran, and how long it could have run while others did. */
import { readFileSync } from "node:fs";

export interface ProcessorTime {
  readonly ranNs: number;
  readonly waitedNs: number;
}

/** Of its main thread; nothing where the system does not say, or the process is gone. */
export function processorTimeOf(pid: number | undefined): ProcessorTime {
  try {
    const [ranNs = 0, waitedNs = 0] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ").map(Number);
    return { ranNs, waitedNs };
  } catch {
    return { ranNs: 0, waitedNs: 0 };
  }
}

/** Of more than this nothing would be found any more. */
const most = 8;

/** How many times longer its work took than it would have on a processor of its own: 1 or more. */
export function starvationOf(before: ProcessorTime, after: ProcessorTime): number {
  const ranNs = after.ranNs - before.ranNs;
  const waitedNs = after.waitedNs - before.waitedNs;
  return ranNs <= 0 ? 1 : Math.min(most, (ranNs + Math.max(0, waitedNs)) / ranNs);
}

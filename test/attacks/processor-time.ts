/** What the scheduler says of a process: how long it ran, and how long it could have run while others did. */
import { openSync, readFileSync, readSync } from "node:fs";

export interface ProcessorTime {
  readonly ranNs: number;
  readonly waitedNs: number;
}

const nothing: ProcessorTime = { ranNs: 0, waitedNs: 0 };

/** Of its main thread, or of the one that is named ("pid/task/thread"); nothing where the system does not say, or it is gone. */
export function processorTimeOf(pid: number | string | undefined): ProcessorTime {
  try {
    return parseSchedstat(readFileSync(`/proc/${pid}/schedstat`, "utf8"));
  } catch {
    return nothing;
  }
}

/** The same of this process, for one who asks a thousand times a second. */
export function ownProcessorTime(): () => ProcessorTime {
  try {
    const file = openSync("/proc/self/schedstat", "r");
    const bytes = Buffer.alloc(128);
    return () => parseSchedstat(bytes.latin1Slice(0, readSync(file, bytes, 0, bytes.length, 0)));
  } catch {
    return () => nothing;
  }
}

function parseSchedstat(text: string): ProcessorTime {
  const [ranNs = 0, waitedNs = 0] = text.split(" ").map(Number);
  return { ranNs, waitedNs };
}

/** Of more than this nothing would be found any more. */
const most = 8;

/** How many times longer its work took than it would have on a processor of its own: 1 or more. */
export function starvationOf(before: ProcessorTime, after: ProcessorTime): number {
  const ranNs = after.ranNs - before.ranNs;
  const waitedNs = after.waitedNs - before.waitedNs;
  return ranNs <= 0 ? 1 : Math.min(most, (ranNs + Math.max(0, waitedNs)) / ranNs);
}

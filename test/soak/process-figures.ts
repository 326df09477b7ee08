/** What the kernel says of a process. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { type ProcessorTime, processorTimeOf } from "../attacks/processor-time.ts";

export function rssBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}

export function descriptorCount(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  // Since Linux 6.2 its size is their number; before that it is 0, and listing twenty thousand takes milliseconds.
  return statSync(folder).size || readdirSync(folder).length;
}

/** Of all its threads together. */
export function allThreadsTime(pid: number): ProcessorTime {
  let [ranNs, waitedNs] = [0, 0];
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const time = processorTimeOf(`${pid}/task/${thread}`);
    ranNs += time.ranNs;
    waitedNs += time.waitedNs;
  }
  return { ranNs, waitedNs };
}

/** Change per minute of values that were taken `everyMs` apart: the line that fits them best. */
export function slopePerMinute(values: readonly number[], everyMs: number): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  for (const [at, value] of values.entries()) {
    above += (at - middle) * (value - mean);
    below += (at - middle) ** 2;
  }
  return below === 0 ? 0 : (above / below) * (60_000 / everyMs);
}

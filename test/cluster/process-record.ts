/**
 * Processes known by id AND start time (and boot), read from the kernel: an id alone is reused, and ending whoever has it
 * now would end a stranger. A process writes its own record before it becomes what it is to be, so that no crash of ours
 * leaves one that nobody knows of.
 */
import { readFileSync } from "node:fs";

export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since boot, as the kernel prints them. */
  readonly startTime: string;
  readonly bootId: string;
}

const bootIdFile = "/proc/sys/kernel/random/boot_id";

/** A shell script that writes the record of its own process to $1 and then becomes "$2" "$3"...: exec keeps id and start time. */
export const recordAndExec = `cat /proc/$$/stat ${bootIdFile} >"$1" && shift && exec "$@"`;

/** Undefined when the text is cut short: its process never became what it was to be. */
export function parseProcessRecord(text: string): ProcessRecord | undefined {
  const [stat = "", bootId = ""] = text.trimEnd().split("\n");
  // The second field is the program's name and may hold blanks and parentheses: count from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const pid = Number.parseInt(stat, 10);
  const startTime = fields[19];
  if (!Number.isInteger(pid) || pid < 1 || startTime === undefined || bootId === "") return undefined;
  return { pid, startTime, bootId };
}

export function readProcessRecord(file: string): ProcessRecord | undefined {
  const text = readQuietly(file);
  return text === undefined ? undefined : parseProcessRecord(text);
}

/** The text of a process' record, as it would have written it itself. Undefined when there is no such process. */
export function describeProcess(pid: number): string | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : stat + readFileSync(bootIdFile, "utf8");
}

/** Whether that very process runs. One that has ended and is only waited for does not. */
export function isRunning(record: ProcessRecord): boolean {
  const text = describeProcess(record.pid);
  if (text === undefined || /\) [ZX] /.test(text)) return false;
  const now = parseProcessRecord(text);
  return now !== undefined && now.startTime === record.startTime && now.bootId === record.bootId;
}

/** SIGKILL by default: nothing here is worth saving, and a kube-apiserver whose etcd is gone ignores SIGTERM. */
export function endProcess(record: ProcessRecord, signal: NodeJS.Signals = "SIGKILL"): void {
  if (!isRunning(record)) return;
  try {
    process.kill(record.pid, signal);
  } catch {
    // it has just ended by itself
  }
}

/** The processes that a process started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  const text = readQuietly(`/proc/${pid}/task/${pid}/children`) ?? "";
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}

function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

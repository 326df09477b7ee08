/** A process that a test or benchmark started, with all it started in turn: pinned to a core, measured from /proc, ended by id. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";

/** The proxy has one core to itself; load and backend share the other. */
export const proxyCore = 1;
export const loadCore = 0;

export interface StartOptions {
  /** Any core when undefined. */
  readonly core?: number | undefined;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it prints on stdout is appended to it, and not kept here. */
  readonly outputFile?: string;
}

export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #command: string;
  #output = "";

  private constructor(child: ChildProcess, command: string) {
    this.#child = child;
    this.#command = command;
    child.stdout?.on("data", (piece: Buffer) => this.#keep(piece));
    child.stderr?.on("data", (piece: Buffer) => this.#keep(piece));
  }

  static start(command: string, args: readonly string[], options: StartOptions): ProcessGroup {
    const env = { ...process.env, ...options.environment };
    // taskset replaces itself by the command: the child's id is the command's.
    const pin = options.core === undefined ? [] : ["taskset", "-c", String(options.core)];
    const [program = command, ...rest] = [...pin, command, ...args];
    const output = options.outputFile === undefined ? undefined : openSync(options.outputFile, "a");
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env,
      stdio: ["ignore", output ?? "pipe", "pipe"],
    });
    if (output !== undefined) closeSync(output);
    return new ProcessGroup(child, command);
  }

  /** What it printed last. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** User and system time of all its processes and threads, in microseconds. */
  cpuUs(): number {
    return this.#pids().reduce((sum, pid) => sum + processCpuUs(pid), 0);
  }

  rssBytes(): number {
    return this.#pids().reduce((sum, pid) => sum + processRssBytes(pid), 0);
  }

  async exit(): Promise<number> {
    if (!this.isRunning) return this.#child.exitCode ?? 1;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#child.once("close", (code) => resolve(code ?? 1));
    return await promise;
  }

  /** Without waiting for what comes of it. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks it to end, and ends it when it has not after the grace. */
  async stop(graceMs = 5_000): Promise<void> {
    if (!this.isRunning) return;
    const pids = this.#pids();
    const gone = this.exit();
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => pids.forEach(killQuietly), graceMs);
    await gone;
    clearTimeout(timer);
  }

  /** The failure's text: what ran, and the end of what it said. */
  describe(): string {
    return `${this.#command} ${this.isRunning ? "is running" : "has ended"}: ${this.#output.trim() || "(no output)"}`;
  }

  #keep(piece: Buffer): void {
    this.#output = (this.#output + piece.toString()).slice(-4_000);
  }

  #pids(): readonly number[] {
    return this.#child.pid === undefined ? [] : descendants(this.#child.pid);
  }
}

function descendants(pid: number): readonly number[] {
  const children = readQuietly(() =>
    readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
      .filter((each) => each !== ""),
  );
  return [pid, ...(children ?? []).flatMap((child) => descendants(Number(child)))];
}

/** Fields 14 and 15 of /proc/PID/stat: clock ticks of 10 ms, all threads, ended ones too. */
function processCpuUs(pid: number): number {
  const stat = readQuietly(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The second field may hold blanks and parentheses: count from the last one.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000;
}

function processRssBytes(pid: number): number {
  const status = readQuietly(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? "")?.[1] ?? 0) * 1024;
}

function readQuietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // the process has just ended
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has just ended by itself
  }
}

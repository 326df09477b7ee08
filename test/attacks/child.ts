/** A process of the harness: forked, pinned to a core, asked one thing at a time. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type ProcessorTime, processorTimeOf } from "./processor-time.ts";

export interface ChildOptions {
  readonly core: number;
  /** It gets what the others of its core leave. */
  readonly standsBack?: boolean;
  readonly flags?: readonly string[];
}

/**
 * How a process stands back: the scheduler's idle class, where whoever else wakes up has the core at once; where that is not
 * allowed, the lowest weight.
 */
const standingBack: readonly string[] =
  spawnSync("chrt", ["--idle", "0", "true"]).status === 0 ? ["chrt", "--idle", "0"] : ["nice", "-n", "19"];

export class Child {
  readonly #process: ChildProcess;
  readonly #file: string;

  constructor(file: string, { core, standsBack = false, flags = [] }: ChildOptions) {
    this.#file = file;
    const node = [process.execPath, ...flags, path.join(import.meta.dirname, file)];
    const place = ["-c", String(core), ...(standsBack ? standingBack : [])];
    this.#process = spawn("taskset", [...place, ...node], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get processorTime(): ProcessorTime {
    return processorTimeOf(this.#process.pid);
  }

  /**
   * V8's helping threads (they compile, and sweep) go to another core. They have their share of it: a collection waits for each of
   * them to come to a halt, so whoever is given no processor holds up the main thread, and a pod's have one.
   */
  moveHelpers(core: number): void {
    const tasks = `/proc/${this.#process.pid}/task`;
    for (const thread of readdirSync(tasks)) {
      if (!readFileSync(path.join(tasks, thread, "comm"), "utf8").includes("V8Worker")) continue;
      spawnSync("taskset", ["-c", "-p", String(core), thread]);
    }
  }

  /** Its next message. Rejects when it ends before that. */
  async next<Answer>(): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const onExit = (code: number | null, signal: string | null): void =>
      reject(new Error(`${this.#file} ended (${signal ?? code})`));
    this.#process.once("exit", onExit);
    this.#process.once("message", (message) => resolve(message as Answer));
    try {
      return await promise;
    } finally {
      this.#process.off("exit", onExit);
    }
  }

  async ask<Answer>(order: object | string): Promise<Answer> {
    if (!this.isRunning) throw new Error(`${this.#file} has ended`);
    const answer = this.next<Answer>();
    this.#process.send(order);
    return await answer;
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await gone;
  }
}

/** A process of the harness: forked, pinned to a core, asked one thing at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { type ProcessorTime, processorTimeOf } from "./processor-time.ts";

export interface ChildOptions {
  readonly core: number;
  /** How much it stands back for the others. */
  readonly nice?: number;
  readonly flags?: readonly string[];
}

export class Child {
  readonly #process: ChildProcess;
  readonly #file: string;

  constructor(file: string, { core, nice = 0, flags = [] }: ChildOptions) {
    this.#file = file;
    const node = [process.execPath, ...flags, path.join(import.meta.dirname, file)];
    this.#process = spawn("taskset", ["-c", String(core), "nice", "-n", String(nice), ...node], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get processorTime(): ProcessorTime {
    return processorTimeOf(this.#process.pid);
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

/** A backend of an example as a process of its own, so that it can die like one. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

const command = path.resolve(import.meta.dirname, "../backends.ts");

export class BackendProcess {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(example: string, name: string): Promise<BackendProcess> {
    const child = spawn(process.execPath, [command, example, name], { stdio: ["ignore", "pipe", "inherit"] });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.once("exit", () => reject(new Error(`the backend ${name} did not start`)));
    child.stdout.once("data", () => resolve());
    await promise;
    return new BackendProcess(child);
  }

  /** Without a word, as by the out-of-memory killer. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.kill("SIGKILL");
    await exited;
  }
}

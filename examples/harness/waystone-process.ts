/**
 * Waystone as its users start it: the command, as a process of its own. What it prints is kept, what it listens on is read
 * from there (port 0 everywhere), and it is ended by its own process id.
 */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

export const repository: string = path.resolve(import.meta.dirname, "../..");
const usualCommand = path.join(repository, "packages/cli/bin/waystone");
const patienceMs = 30_000;

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Written to its standard input, which then ends. */
  readonly input?: string;
  readonly folder?: string;
  /** Who it runs as, where the caller may choose. */
  readonly user?: number;
  /** Another path to the command than the usual one. */
  readonly command?: string;
}

export class WaystoneProcess {
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  /** The exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | string>;
  stdout = "";
  stderr = "";
  hasExited = false;

  constructor(args: readonly string[], options: StartOptions = {}) {
    const { environment = {}, input, folder = repository, user, command = usualCommand } = options;
    this.#child = spawn(command, args, {
      cwd: folder,
      // One worker is enough here; WAYSTONE_WORKERS=2 runs all of it with two.
      env: { WAYSTONE_WORKERS: "1", ...process.env, ...environment },
      ...(user === undefined ? {} : { uid: user, gid: user }),
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#note("stdout", text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#note("stderr", text));
    this.#child.stdin?.end(input);
    this.exited = new Promise((resolve) => {
      // "close" comes after the last output, "exit" may not.
      this.#child.on("close", (code, signal) => {
        this.hasExited = true;
        resolve(code ?? signal ?? "unknown");
        for (const watcher of this.#watchers) watcher();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What `pattern` finds on stderr or stdout, as soon as it is there. */
  async find(pattern: RegExp, what: string, ms: number = patienceMs): Promise<RegExpExecArray> {
    const look = (): RegExpExecArray | null => pattern.exec(this.stderr) ?? pattern.exec(this.stdout);
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const watcher = (): void => {
      const found = look();
      if (found !== null) resolve(found);
      else if (this.hasExited) reject(new Error(`waystone exited before ${what}:\n${this.stderr}`));
    };
    const timer = setTimeout(
      () => reject(new Error(`waited ${ms} ms in vain for ${what}; it said:\n${this.stderr}`)),
      ms,
    );
    this.#watchers.add(watcher);
    watcher();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    }
  }

  /** "address:port" of its admin address. */
  async admin(): Promise<string> {
    return (await this.find(/admin on http:\/\/([\d.:]+\d)/, "its admin address"))[1] ?? "";
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks it to end, and if it does not, ends it. */
  async stop(): Promise<number | string> {
    if (this.hasExited) return await this.exited;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patienceMs);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  #note(stream: "stdout" | "stderr", text: string): void {
    this[stream] += text;
    for (const watcher of this.#watchers) watcher();
  }
}

/**
 * `waystone controller` as a process in node-1's network, with the cluster's admin kubeconfig: what the chart runs in a pod,
 * without its image. Its log lines are read as they come: they are how it says where it listens.
 */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

const program = path.resolve(import.meta.dirname, "../../../packages/cli/bin/waystone");

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  /** When it came, by this process' clock. */
  readonly at: number;
  readonly [field: string]: unknown;
}

export interface ControllerProcessOptions {
  readonly cluster: RunningCluster;
  /** As the pod's. */
  readonly name: string;
  /** Where its Lease is. */
  readonly namespace: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Leadership {
  readonly isLeader: boolean;
  readonly holder?: string;
}

const running = new Set<ControllerProcess>();

/** For afterAll and afterEach: whatever a test left running. */
export async function stopControllers(): Promise<void> {
  await Promise.all([...running].map(async (each) => await each.stop()));
}

export class ControllerProcess {
  readonly name: string;
  readonly log: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    child.on("close", () => {
      running.delete(this);
      ended.resolve();
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => this.#take(line));
    }
  }

  /** Returns when it listens for probes. */
  static async start(options: ControllerProcessOptions): Promise<ControllerProcess> {
    const { cluster, name, namespace, environment } = options;
    const anyPort = ["--readiness", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    const child = spawn(program, ["controller", ...anyPort], {
      env: {
        ...process.env,
        ...cluster.environment,
        POD_NAME: name,
        POD_NAMESPACE: namespace,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const controller = new ControllerProcess(name, child);
    running.add(controller);
    await controller.says(/readiness on/);
    return controller;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`controller ${this.name} did not start`);
    return this.#child.pid;
  }

  /** The first line that matches, from now or before. */
  async says(pattern: RegExp, deadlineMs = 60_000): Promise<LogLine> {
    return await until(() => this.log.find(({ msg }) => pattern.test(msg)), {
      deadlineMs,
      everyMs: 10,
      describe: () => `controller ${this.name} did not say ${String(pattern)}, but\n${this.words()}`,
    });
  }

  words(): string {
    return this.log.map((line) => JSON.stringify(line)).join("\n");
  }

  async leadership(): Promise<Leadership> {
    const dump = JSON.parse(await this.get("admin", "/config_dump")) as { leadership: Leadership };
    return dump.leadership;
  }

  /** The answer's body; fails where it is not 2xx. */
  async get(server: "readiness" | "metrics" | "admin", where: string): Promise<string> {
    const greeting = await this.says(/readiness on/);
    const [readiness = "", metrics = "", admin = ""] = greeting.msg.match(/http:\/\/[^\s,]+/g) ?? [];
    const response = await fetch(`${{ readiness, metrics, admin }[server]}${where}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`${where}: ${response.status} ${body}`);
    return body;
  }

  async becomesReady(deadlineMs = 60_000): Promise<void> {
    await until(async () => await this.get("readiness", "/healthz/ready").catch(() => undefined), {
      deadlineMs,
      describe: () => `controller ${this.name} did not become ready\n${this.words()}`,
    });
  }

  /** One value of /metrics, by the beginning of its line. */
  async metric(series: string): Promise<number> {
    const lines = (await this.get("metrics", "/metrics")).split("\n");
    const line = lines.find((each) => each.startsWith(`${series} `));
    if (line === undefined) throw new Error(`controller ${this.name} has no metric ${series}`);
    return Number(line.slice(series.length + 1));
  }

  /** SIGTERM, and resolves when it has ended; with SIGKILL it has no time to say anything. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
  }

  #take(line: string): void {
    const at = performance.now();
    try {
      this.log.push({ ...(JSON.parse(line) as LogLine), at });
    } catch {
      this.log.push({ level: "none", msg: line, at });
    }
  }
}

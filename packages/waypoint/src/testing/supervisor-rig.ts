/** A supervisor with stand-ins for workers (worker/testdata/stand-in-worker.ts), and what tests ask it and them. */
import { connect, type Socket } from "node:net";
import { systemClock } from "@waystone/base/clock";
import { createLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { freePort } from "@waystone/testkit/free-port";
import { until, within } from "@waystone/testkit/within";
import { afterEach } from "vitest";
import { defaultSettings } from "../settings.ts";
import { route, service, slice, upserts } from "../store/test-resources.ts";
import type { PortProblem } from "../worker/port-problem.ts";
import { Supervisor, type SupervisorOptions } from "../worker/supervisor.ts";

export interface SupervisorRig {
  readonly supervisor: Supervisor;
  readonly logs: { level: string; msg: string; reason?: string }[];
  readonly accessLog: string[];
  readonly metrics: MetricsRegistry;
  readonly asked: { worker: number; address: string }[];
  readonly lost: number[];
  problems: readonly PortProblem[];
}

/** For one test file: what it opened is closed after each test. */
export function useSupervisorRig() {
  const closers: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  const prepareRig = (workers: number, options: Partial<SupervisorOptions> = {}): SupervisorRig => {
    const rig = prepare(workers, options);
    closers.push(() => rig.supervisor.close());
    return rig;
  };
  const openRig = async (
    workers: number,
    options: Partial<SupervisorOptions> = {},
  ): Promise<SupervisorRig> => {
    const rig = prepareRig(workers, options);
    await within(rig.supervisor.start(), "the workers");
    return rig;
  };
  /** A connection that a worker has in hand. */
  const holdConnection = async (rig: SupervisorRig, port: number): Promise<Socket> => {
    const before = (await commands(rig)) ?? 0;
    const held = connect(port, "127.0.0.1", () => held.write("hold\n"));
    held.on("error", () => {});
    closers.push(() => void held.destroy());
    await until(async () => (await commands(rig)) === before + 1, "the worker has the connection");
    return held;
  };
  return { closers, prepareRig, openRig, holdConnection };
}

function prepare(workers: number, options: Partial<SupervisorOptions> = {}): SupervisorRig {
  const logs: SupervisorRig["logs"] = [];
  const accessLog: string[] = [];
  const metrics = new MetricsRegistry();
  const asked: SupervisorRig["asked"] = [];
  const lost: number[] = [];
  const supervisor = new Supervisor({
    workers,
    ownWaypoint: "",
    settings: defaultSettings,
    clock: systemClock,
    logger: createLogger({ level: "debug", stream: { write: (line) => logs.push(JSON.parse(line)) } }),
    metrics,
    accessLog: { write: (lines) => accessLog.push(lines) },
    onSubscribe: (worker, address) => asked.push({ worker, address }),
    onForget: () => {},
    onWantKeys: () => {},
    onRefetchKeys: () => {},
    onWorkerLost: (worker) => lost.push(worker),
    onPortProblems: (problems) => {
      rig.problems = problems;
    },
    entry: new URL("../worker/testdata/stand-in-worker.ts", import.meta.url),
    limits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 16 },
    ...options,
  });
  const rig: SupervisorRig = { supervisor, logs, accessLog, metrics, asked, lost, problems: [] };
  return rig;
}

/** The answer to one command on a connection of its own; undefined where the connection breaks. */
export function say(port: number, command: string): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${command}\n`));
    let text = "";
    socket.on("data", (bytes) => (text += bytes.toString()));
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(text === "" ? undefined : JSON.parse(text)));
  });
}

export async function serveWeb(rig: SupervisorRig): Promise<number> {
  const port = await freePort();
  await rig.supervisor.apply(upserts(webAt(port))[0]!);
  await rig.supervisor.apply(upserts(slice("shop/web-1", "shop/web", ["10.0.0.1"]))[0]!);
  await rig.supervisor.apply(upserts(route("shop/r", { parents: ["shop/web"] }))[0]!);
  await rig.supervisor.listen();
  return port;
}

export function webAt(port: number, name = "shop/web") {
  return service(name, { ports: [{ port: 80, listen: [`127.0.0.1:${port}`] }] });
}

/** Asks until each worker has answered: the kernel chooses who gets a connection. */
export async function askAll(port: number, workers: number): Promise<{ worker: number; routes: number }[]> {
  const answers = new Map<number, { worker: number; routes: number }>();
  await until(async () => {
    const answer = (await say(port, "what")) as { worker: number; routes: number } | undefined;
    if (answer !== undefined) answers.set(answer.worker, answer);
    return answers.size === workers;
  }, "every worker answers");
  return [...answers.values()];
}

export async function counter(rig: SupervisorRig, wanted: string): Promise<number | undefined> {
  return (await rig.supervisor.collect()).find(({ name }) => name === wanted)?.samples[0]?.value;
}

/** How many commands the workers have seen. */
export function commands(rig: SupervisorRig): Promise<number | undefined> {
  return counter(rig, "stand_in_commands_total");
}

export function restarts(rig: SupervisorRig, reason: string): number {
  return rig.metrics.counter("waystone_worker_restarts_total", "", { reason }).value;
}

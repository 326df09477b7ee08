/**
 * The two forms that Waystone runs in on one machine: `waystone run`, one process, or `waystone controller` and `waystone
 * waypoint`, two. The same files, the same traffic, the same answers.
 */
import { WaystoneProcess } from "./waystone-process.ts";

export type Form = "one process" | "two processes";
export const forms: readonly Form[] = ["one process", "two processes"];

export interface RunningWaystone {
  readonly form: Form;
  /** The process that carries the traffic. */
  readonly waypoint: WaystoneProcess;
  /** The process that reads the files; in one-process form the same. */
  readonly controller: WaystoneProcess;
  /** Where `waystone status` asks. */
  readonly statusAddress: string;
  readonly metricsAddress: string;
  stop(): Promise<void>;
}

/** Resolves when it serves. `flags` are for whoever carries the traffic. */
export async function startWaystone(
  form: Form,
  manifests: string,
  flags: readonly string[] = [],
): Promise<RunningWaystone> {
  return form === "one process" ? await startOne(manifests, flags) : await startTwo(manifests, flags);
}

async function startOne(manifests: string, flags: readonly string[]): Promise<RunningWaystone> {
  const run = new WaystoneProcess(["run", "-f", manifests, "--admin", "127.0.0.1:0", ...flags]);
  const admin = await run.admin();
  const stop = async (): Promise<void> => void (await run.stop());
  await run.find(/ serving/, "it serves");
  return {
    form: "one process",
    waypoint: run,
    controller: run,
    statusAddress: admin,
    metricsAddress: admin,
    stop,
  };
}

async function startTwo(manifests: string, flags: readonly string[]): Promise<RunningWaystone> {
  const controller = startController(manifests, "127.0.0.1:0");
  const push = await pushAddress(controller);
  const waypoint = startWaypoint(push, flags);
  const stop = async (): Promise<void> => void (await Promise.all([waypoint.stop(), controller.stop()]));
  try {
    await waypoint.find(/"serving"/, "the waypoint serves");
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    form: "two processes",
    waypoint,
    controller,
    statusAddress: await controller.admin(),
    metricsAddress: await metricsAddress(waypoint),
    stop,
  };
}

export function startController(manifests: string, listen: string): WaystoneProcess {
  return new WaystoneProcess(["controller", "-f", manifests, "--listen", listen, "--admin", "127.0.0.1:0"]);
}

export async function pushAddress(controller: WaystoneProcess): Promise<string> {
  return (await controller.find(/waypoints may connect to ([\d.:]+\d)/, "its push address"))[1] ?? "";
}

export function startWaypoint(push: string, flags: readonly string[] = []): WaystoneProcess {
  const anyPort = "127.0.0.1:0";
  const ports = ["--admin", anyPort, "--metrics", anyPort, "--readiness", anyPort];
  return new WaystoneProcess(["waypoint", "--controller", push, ...ports, ...flags]);
}

export async function metricsAddress(waypoint: WaystoneProcess): Promise<string> {
  return (await waypoint.find(/metrics on http:\/\/([\d.:]+\d)/, "its metrics address"))[1] ?? "";
}

export async function readinessAddress(waypoint: WaystoneProcess): Promise<string> {
  return (await waypoint.find(/readiness on http:\/\/([\d.:]+\d)/, "its readiness address"))[1] ?? "";
}

/** A proxy under comparison: what it needs, and how it is started with given routes in front of a given backend. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessGroup } from "../../process/process-group.ts";
import type { BenchRoutes } from "../routes.ts";

export interface PeerSetup {
  readonly routes: BenchRoutes;
  readonly backendPort: number;
  /** With prior knowledge, and nothing else. */
  readonly backendSpeaksHttp2?: boolean;
  /** An empty folder of its own, removed after the run. */
  readonly folder: string;
  /** Where to write CPU profiles, if the peer can. */
  readonly profileFolder?: string;
}

export interface RunningPeer {
  readonly host: string;
  readonly port: number;
  /** Undefined for "direct": nothing of its own runs. */
  readonly process: ProcessGroup | undefined;
  stop(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  /** Undefined when it can run here; else what is missing and how to get it. */
  missing(): Promise<string | undefined>;
  version(): Promise<string>;
  start(setup: PeerSetup): Promise<RunningPeer>;
}

/** Resolves once a GET of the target is answered 200; else stops the process and fails with its words. */
export async function untilServing(
  url: string,
  group: ProcessGroup | undefined,
  deadlineMs = 30_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  let last = "no answer";
  for (;;) {
    const isHopeless = performance.now() > end || group?.isRunning === false;
    if (isHopeless) break;
    last = await statusOf(url);
    if (last === "200") return;
    await sleep(20);
  }
  await group?.stop();
  throw new Error(`${url} is not served (last: ${last}). ${group?.describe() ?? ""}`);
}

async function statusOf(url: string): Promise<string> {
  try {
    const response = await fetch(url, { headers: { connection: "close" } });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return String(error);
  }
}

/** What is under test, in front of a recorder: Waystone; or, to see what the check finds in others, nginx or HAProxy. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { waystone } from "../bench/peers/waystone.ts";
import { buildRoutes } from "../bench/routes.ts";
import type { Address } from "./ask.ts";
import { type RunningProxy, startHaproxyProxy, startNginxProxy } from "./proxies.ts";
import { openRecorder, type Recorder } from "./recorder.ts";

export interface Subject {
  readonly address: Address;
  readonly recorder: Recorder;
  stop(): Promise<void>;
}

const starters: Readonly<Record<string, (folder: string, backendPort: number) => Promise<RunningProxy>>> = {
  waystone: startWaystoneProxy,
  nginx: startNginxProxy,
  haproxy: startHaproxyProxy,
};

export async function startSubject(name: string, folder: string): Promise<Subject> {
  const start = starters[name];
  if (start === undefined) throw new Error(`no subject ${name}: one of ${Object.keys(starters).join(", ")}`);
  const own = path.join(folder, "subject");
  await mkdir(own);
  const recorder = await openRecorder();
  const proxy = await start(own, recorder.port).catch(async (error: unknown) => {
    await recorder.close();
    throw error;
  });
  // What was asked to see whether it serves.
  recorder.requests.clear();
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await recorder.close();
  };
  return { address: proxy.address, recorder, stop };
}

async function startWaystoneProxy(folder: string, backendPort: number): Promise<RunningProxy> {
  const missing = await waystone.missing();
  if (missing !== undefined) throw new Error(missing);
  const running = await waystone.start({ routes: buildRoutes(1), backendPort, folder });
  return { address: { host: running.host, port: running.port }, stop: async () => await running.stop() };
}

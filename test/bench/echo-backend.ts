/** The backend of tunnels and streams: an echo, as a process of its own on the load's core. */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadCore, ProcessGroup } from "../process/process-group.ts";

export interface EchoBackend {
  readonly port: number;
  readonly http2Port: number;
  stop(): Promise<void>;
}

/** A tunnel there is sent floodBytes at once, and is not listened to. */
export const floodTarget = "/flood";
export const floodBytes: number = 4 * 2 ** 20;

/** All of them are that process: Waystone opens 1,024 connections to an endpoint (pool.connectionsPerEndpoint). */
export const echoAddresses: readonly string[] = Array.from({ length: 16 }, (_, at) => `127.0.0.${at + 1}`);

const node = path.resolve(import.meta.dirname, "../../bin/node");
const startTries = 500;

export async function startEchoBackend(): Promise<EchoBackend> {
  const group = ProcessGroup.start(node, [path.join(import.meta.dirname, "echo-process.ts")], {
    core: loadCore,
  });
  for (let tries = 0; group.isRunning && tries < startTries; tries += 1) {
    const ports = /\{.*\}/.exec(group.output)?.[0];
    if (ports !== undefined) {
      const { port, http2Port } = JSON.parse(ports) as { port: number; http2Port: number };
      return { port, http2Port, stop: async () => await group.stop() };
    }
    await sleep(20);
  }
  await group.stop();
  throw new Error(`the echo backend does not start. ${group.describe()}`);
}

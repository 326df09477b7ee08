/** Resolves once a TCP connection to the address is accepted; else stops the process and fails with its words. */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessGroup } from "./process-group.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export async function untilListening(
  address: ListenAddress,
  group: ProcessGroup,
  deadlineMs = 20_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await accepts(address))) {
    if (!group.isRunning || performance.now() > end) {
      await group.stop();
      throw new Error(`nothing listens on ${address.host}:${address.port}. ${group.describe()}`);
    }
    await sleep(20);
  }
}

async function accepts(address: ListenAddress): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect(address, () => resolve(true));
  socket.on("error", () => resolve(false));
  const accepted = await promise;
  socket.destroy();
  return accepted;
}

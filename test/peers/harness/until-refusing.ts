/** Resolves once nobody accepts connections at the address any more: who was asked to go has begun to. */
import net from "node:net";
import { until } from "@waystone/testkit/within";
import type { Address } from "./waystone.ts";

export async function untilRefusing(address: Address): Promise<void> {
  await until(async () => !(await accepts(address)), `${address.host}:${address.port} accepts nobody`);
}

async function accepts({ host, port }: Address): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect({ host, port }, () => resolve(true));
  socket.on("error", () => resolve(false));
  const accepted = await promise;
  socket.destroy();
  return accepted;
}

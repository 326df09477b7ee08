import net from "node:net";
import { expect, test } from "vitest";
import { openFullListener } from "./full-listener.ts";
import { nextEvent } from "./within.ts";

test("a connection to it neither comes about nor is refused, for as long as it is open", async () => {
  const listener = await openFullListener();
  const socket = net.connect(listener.port, "127.0.0.1");
  const seen: string[] = [];
  for (const event of ["connect", "error", "close"]) socket.on(event, () => seen.push(event));
  // Loopback itself is quick: another's connection comes about meanwhile.
  const server = net.createServer().listen(0, "127.0.0.1");
  await nextEvent(server, "listening");
  for (let at = 0; at < 20; at++) {
    const other = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1");
    await nextEvent(other, "connect");
    other.destroy();
  }
  expect([seen, socket.connecting]).toEqual([[], true]);
  socket.destroy();
  server.close();
  await listener.close();
});

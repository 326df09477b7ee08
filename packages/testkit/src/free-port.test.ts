import net from "node:net";
import { expect, test } from "vitest";
import { freePort, freePorts } from "./free-port.ts";
import { nextEvent } from "./within.ts";

test("a free port can be listened on, on any loopback address", async () => {
  const port = await freePort("127.0.0.9");
  const server = net.createServer().listen(port, "127.0.0.9");
  await nextEvent(server, "listening");
  server.close();
});

test("a port that was given is not given again soon, though nobody listens on it yet", async () => {
  const ports = [...(await freePorts(50)), ...(await freePorts(50))];
  expect(new Set(ports).size).toBe(100);
});

test("one that somebody listens on is passed over", async () => {
  const port = (await freePort()) + 1;
  const server = net.createServer().listen(port, "127.0.0.1");
  await nextEvent(server, "listening");
  expect(await freePort()).not.toBe(port);
  server.close();
});

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

test("several free ports differ", async () => {
  expect(new Set(await freePorts(5)).size).toBe(5);
});

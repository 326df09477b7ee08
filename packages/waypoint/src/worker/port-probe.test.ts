/** Whether a port may be had is found out without anybody noticing. */
import { createServer } from "node:net";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { freePort } from "@waystone/testkit/free-port";
import { afterEach, expect, test } from "vitest";
import { probePort } from "./port-probe.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

test.for([
  ["alone", false],
  ["and lets others listen beside it", true],
] as const)("a port is in use where somebody listens %s", async ([, reusePort]) => {
  const server = createServer();
  stops.push(async () => await new Promise((resolve) => server.close(resolve)));
  const port = await freePort();
  server.listen({ host: "127.0.0.1", port, reusePort });
  await once(server, "listening");
  expect(await probePort("127.0.0.1", port)).toBe("EADDRINUSE");
  expect(await probePort("::", port)).toBe("EADDRINUSE");
  expect(await probePort("127.0.0.2", port)).toBeUndefined();
});

test("an address that is not ours is told", async () => {
  expect(await probePort("203.0.113.1", 80)).toBe("EADDRNOTAVAIL");
});

/** Knocks without a pause until it is told to stop: how often it was let in, and how often not. */
const knocker = `
  const { parentPort, workerData: port } = require("node:worker_threads");
  const counts = { accepted: 0, refused: 0 };
  let isOver = false;
  parentPort.once("message", () => (isOver = true));
  const knock = () => {
    if (isOver) return parentPort.postMessage(counts);
    const socket = require("node:net").connect(port, "127.0.0.1");
    socket.once("connect", () => { counts.accepted += 1; socket.resetAndDestroy(); });
    socket.once("error", () => (counts.refused += 1));
    socket.once("close", knock);
    if (counts.refused === 0) socket.once("close", () => parentPort.postMessage("knocking"));
  };
  knock();
`;

test("a client that knocks while a port is probed is refused, and never let in by somebody who is gone at once", async () => {
  const port = await freePort();
  const worker = new Worker(knocker, { eval: true, workerData: port });
  stops.push(async () => await worker.terminate());
  await once(worker, "message");
  for (let probes = 0; probes < 2000; probes += 1) expect(await probePort("127.0.0.1", port)).toBeUndefined();
  const told = once(worker, "message");
  worker.postMessage("over");
  const [counts] = (await told) as [{ readonly accepted: number; readonly refused: number }];
  expect(counts.accepted).toBe(0);
  expect(counts.refused).toBeGreaterThan(0);
});

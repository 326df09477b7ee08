import { once } from "node:events";
import net from "node:net";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { nextEvent } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import { Deadline, Deadlines } from "../../listener/deadlines.ts";
import { defaultSettings } from "../../settings.ts";
import { LingeringClose } from "./lingering-close.ts";

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function openClosing(bytes: number) {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const client = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const [socket] = (await once(server, "connection")) as [net.Socket];
  open.push(server, { close: () => client.destroy() }, { close: () => socket.destroy() });
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  const expired = { at: -1 };
  const deadline = new Deadline(() => {
    expired.at = clock.now();
  });
  const lingering = new LingeringClose(socket, { deadlines, timeouts: defaultSettings.timeouts }, deadline);
  socket.write(Buffer.alloc(bytes));
  socket.end();
  lingering.begin(bytes === 0);
  return { clock, client, socket, expired, lingering };
}

test("a client to which nothing is queued has a second", async () => {
  const { clock, expired } = await openClosing(0);
  clock.advance(999);
  expect(expired.at).toBe(-1);
  clock.advance(61);
  expect(expired.at).toBeGreaterThanOrEqual(1000);
});

test("a slow reader has the stream's idle time for what is queued, and a second from then on", async () => {
  const { clock, client, socket, expired } = await openClosing(32 * 1024 * 1024);
  clock.advance(60_000);
  expect([expired.at, socket.writableFinished]).toEqual([-1, false]);
  client.resume();
  await nextEvent(socket, "finish");
  clock.advance(900);
  expect(expired.at).toBe(-1);
  clock.advance(160);
  expect(expired.at).toBeGreaterThanOrEqual(61_000);
});

test("a reader that takes nothing of it is not waited for longer than the stream's idle time", async () => {
  const { clock, expired } = await openClosing(32 * 1024 * 1024);
  clock.advance(defaultSettings.timeouts.streamIdleMs + 50);
  expect(expired.at).toBeGreaterThanOrEqual(defaultSettings.timeouts.streamIdleMs);
});

test("a client that goes on sending is read from no further than it may", async () => {
  const { lingering, socket } = await openClosing(0);
  lingering.throwAway(256 * 1024);
  expect(socket.isPaused()).toBe(false);
  lingering.throwAway(1);
  expect(socket.isPaused()).toBe(true);
});

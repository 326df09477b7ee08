import { once } from "node:events";
import { type AddressInfo, createServer, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { within } from "@waystone/testkit/within";
import { DialPace, dialsPerTurn } from "./dial-pace.ts";

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.resume());
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function dialMany(pace: DialPace, port: number, count: number): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = new Socket().on("error", () => {});
    open.push({ close: () => socket.destroy() });
    pace.begin(socket, { host: "127.0.0.1", port });
    return socket;
  });
}

/** Of each, whether it was begun. */
const begun = (sockets: readonly Socket[]): readonly boolean[] =>
  sockets.map((socket) => socket.connecting || !socket.pending);

const firstOf = (sockets: readonly Socket[], count: number): readonly boolean[] =>
  sockets.map((_, at) => at < count);

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("of many that are asked for in one turn some are begun at once, and as many in each of the next, in order", async () => {
  const pace = new DialPace();
  const sockets = dialMany(pace, await listen(), 3 * dialsPerTurn + 1);
  const connected = sockets.map(async (socket) => await once(socket, "connect"));
  for (const turns of [1, 2, 3]) {
    expect(begun(sockets)).toEqual(firstOf(sockets, turns * dialsPerTurn));
    await turn();
  }
  expect(begun(sockets)).toEqual(sockets.map(() => true));
  await within(Promise.all(connected), "all are connected");
});

test("a long line is worked off by a part of it each turn, a short one by eight again", async () => {
  const pace = new DialPace();
  const sockets = dialMany(pace, await listen(), dialsPerTurn + 320);
  await turn();
  expect(begun(sockets)).toEqual(firstOf(sockets, dialsPerTurn + 320 / 16));
  await turn();
  expect(begun(sockets)).toEqual(firstOf(sockets, dialsPerTurn + 20 + Math.ceil(300 / 16)));
  let before = 0;
  for (let now = 0; now < sockets.length; now = begun(sockets).filter(Boolean).length) {
    if (before > 0 && now > before) expect(now - before).toBeGreaterThanOrEqual(dialsPerTurn);
    before = now;
    await turn();
  }
});

test("who asks in a turn of which little was used is begun at once", async () => {
  const port = await listen();
  const pace = new DialPace();
  const early = dialMany(pace, port, 2 * dialsPerTurn - 1);
  // The second turn begins one fewer than it may.
  await turn();
  expect(begun([...early, ...dialMany(pace, port, 2)])).toEqual([...early.map(() => true), true, false]);
});

test("one that is destroyed while it waits takes nobody's place, and is not begun", async () => {
  const pace = new DialPace();
  const sockets = dialMany(pace, await listen(), 3 * dialsPerTurn);
  for (const socket of sockets.slice(dialsPerTurn, 2 * dialsPerTurn)) socket.destroy();
  await turn();
  expect(sockets.map(({ destroyed, connecting, pending }) => !destroyed && (connecting || !pending))).toEqual(
    sockets.map((_, at) => at < dialsPerTurn || at >= 2 * dialsPerTurn),
  );
});

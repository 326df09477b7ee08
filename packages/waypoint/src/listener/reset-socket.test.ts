import { once } from "node:events";
import net from "node:net";
import { openFullListener } from "@waystone/testkit/full-listener";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { within } from "@waystone/testkit/within";
import { resetSocket } from "./reset-socket.ts";

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function openPair(): Promise<{ ours: net.Socket; peer: net.Socket }> {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const peer = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const [ours] = (await once(server, "connection")) as [net.Socket];
  peer.on("error", () => {});
  ours.on("error", () => {});
  open.push(server, { close: () => peer.destroy() });
  return { ours, peer };
}

const states: Readonly<Record<string, (ours: net.Socket, peer: net.Socket) => unknown>> = {
  "on which nothing happened": () => {},
  "that has just ended its half": (ours) => ours.end(),
  "that has ended its half": async (ours) => await new Promise<void>((resolve) => void ours.end(resolve)),
  "that has bytes queued": (ours) => ours.write(Buffer.alloc(20_000_000)),
  "that has bytes queued before its end": (ours) => ours.end(Buffer.alloc(20_000_000)),
  "whose peer has ended its half": async (ours, peer) => {
    ours.resume();
    peer.end();
    await once(ours, "end");
  },
};

test.for(Object.entries(states))("a socket %s closes when it is reset", async ([, prepare]) => {
  const { ours, peer } = await openPair();
  await prepare(ours, peer);
  const closed = once(ours, "close");
  resetSocket(ours);
  await within(closed, "the socket to close");
});

test("a socket that is connecting closes when it is reset, and does not wait for its peer", async () => {
  const full = await openFullListener();
  onTestFinished(() => full.close());
  const socket = net.connect({ port: full.port, host: "127.0.0.1" });
  socket.on("error", () => {});
  const closed = once(socket, "close");
  resetSocket(socket);
  await within(closed, "the socket to close");
  expect(socket.destroyed).toBe(true);
});

test("the peer of a socket with bytes on the way sees an error, not an end", async () => {
  const { ours, peer } = await openPair();
  ours.write("half");
  await once(peer, "data");
  const failed = within(
    new Promise((resolve) => peer.removeAllListeners("error").once("error", resolve)),
    "the error",
  );
  resetSocket(ours);
  expect(await failed).toMatchObject({ code: "ECONNRESET" });
});

/** Endpoints of HTTP/2 that mean harm to the waypoint which asks them (reference D04, D06, D07). Requests are sent as well. */
import { createServer, type Socket } from "node:net";
import {
  END_HEADERS,
  frame,
  get,
  headers,
  magic,
  settings,
  uint32,
} from "@waystone/waypoint/http/h2/testdata/frames";
import type { Attack, Target } from "../attack.ts";
import { AttackerSocket, repeat } from "./attacker-socket.ts";

/** `answer`: what it says once it was asked; `hello`: its SETTINGS. */
function hostile(name: string, id: string, answer: () => Buffer, hello: Buffer = settings()): Attack {
  return {
    name,
    id,
    mustCount: "requests",
    async run(target) {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => sockets.delete(socket));
        socket.write(hello);
        let read = 0;
        socket.on("data", (bytes: Buffer) => {
          read += bytes.length;
          // More than the preface and SETTINGS: a request.
          if (read > magic.length + 100) socket.write(answer());
        });
      });
      await new Promise<void>((resolve) => server.listen(target.endpointPort, "127.0.0.1", resolve));
      await repeat(target, 4, async () => await ask(target));
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function ask(target: Target): Promise<void> {
  const client = new AttackerSocket(target.hostilePort, true);
  await client.write(Buffer.concat([magic, settings()]));
  for (let id = 1; id < 20 && !client.isClosed && !target.isOver(); id += 2) {
    await client.write(headers(id, get));
    target.count("requests");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  client.close();
}

const many = (count: number, one: Buffer): Buffer => Buffer.concat(Array.from({ length: count }, () => one));
const ok = (id: number, flags: number): Buffer => headers(id, [[":status", "200"]], flags);

export const hostileEndpoints: readonly Attack[] = [
  hostile("an endpoint that floods PING", "D04", () => many(2000, frame("PING", 0, 0, Buffer.alloc(8)))),
  hostile("an endpoint that floods SETTINGS", "D04", () => many(2000, settings())),
  hostile("an endpoint that sends ORIGIN for ever", "D06", () => many(2000, frame(0x0c, 0, 0, "origin"))),
  hostile("an endpoint that never ends its header", "D02", () =>
    Buffer.concat([ok(1, 0), many(80, frame("CONTINUATION", 0, 1, Buffer.alloc(1024)))]),
  ),
  hostile("an endpoint that sends empty DATA", "D04", () =>
    Buffer.concat([ok(1, END_HEADERS), many(300, frame("DATA", 0, 1))]),
  ),
  hostile("an endpoint that always goes away", "D07", () => frame("GOAWAY", 0, 0, uint32(0, 0))),
  // CVE-2021-32780
  hostile(
    "an endpoint that goes away and allows no stream",
    "D07",
    () => Buffer.concat([frame("GOAWAY", 0, 0, uint32(0, 0)), settings([3, 0])]),
    settings([3, 0]),
  ),
];

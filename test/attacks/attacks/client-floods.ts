/** Clients of HTTP/2 that send what costs them nothing (reference D01 to D04, D06, D07). Each is closed, and comes again. */
import {
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  headers,
  magic,
  post,
  settings,
  uint32,
} from "@waystone/waypoint/http/h2/testdata/frames";
import type { Attack, Target } from "../attack.ts";
import { AttackerSocket, repeat } from "./attacker-socket.ts";

const atATime = 4;
/** What is sent at one go. */
const perWrite = 100;

/** Sends `first`, then what `make` gives for ever higher stream ids, until it is closed. */
function flood(
  name: string,
  id: string,
  make: (streamId: number) => Buffer,
  first: Buffer = Buffer.alloc(0),
): Attack {
  return {
    name,
    id,
    mustCount: "closed with ENHANCE_YOUR_CALM",
    run: async (target) => await repeat(target, atATime, async () => await floodOnce(target, make, first)),
  };
}

async function floodOnce(target: Target, make: (streamId: number) => Buffer, first: Buffer): Promise<void> {
  const attacker = new AttackerSocket(target.port, true);
  await attacker.write(Buffer.concat([magic, settings(), first]));
  for (let streamId = 3; !attacker.isClosed && !target.isOver(); ) {
    const pieces: Buffer[] = [];
    for (let i = 0; i < perWrite; i++, streamId += 2) pieces.push(make(streamId));
    await attacker.write(Buffer.concat(pieces));
    target.count("frames", perWrite);
    if (attacker.goaway !== "") break;
  }
  await attacker.untilClosed(target);
  if (attacker.goaway.endsWith("ENHANCE_YOUR_CALM")) target.count("closed with ENHANCE_YOUR_CALM");
  attacker.close();
}

const cancel = (id: number): Buffer => frame("RST_STREAM", 0, id, uint32(8));

/** A crumb of 3,900 bytes into the table, then a thousand times from there: megabytes, if they were kept. */
const seed = Buffer.concat([block(get), Buffer.from([0x60, 0x7f, 0xbd, 0x1d]), Buffer.alloc(3900, "c")]);
const bomb = Buffer.concat([block(get), Buffer.alloc(1000, 0xbe)]);

export const clientFloods: readonly Attack[] = [
  flood("rapid reset", "D01", (id) => Buffer.concat([headers(id, get), cancel(id)])),
  flood("requests that we have to reset", "D01", (id) => headers(id, [...get, ["Bad", "x"]])),
  flood(
    "CONTINUATION without end",
    "D02",
    () => frame("CONTINUATION", 0, 1, Buffer.alloc(1024)),
    headers(1, get, 0),
  ),
  {
    name: "HPACK bombs",
    id: "D03",
    mustCount: "bombs",
    run: async (target) =>
      await repeat(target, atATime, async () => {
        const attacker = new AttackerSocket(target.port, false);
        await attacker.write(
          Buffer.concat([magic, settings(), frame("HEADERS", END_HEADERS | END_STREAM, 1, seed)]),
        );
        for (let id = 3; id < 2000 && !attacker.isClosed && !target.isOver(); id += 2) {
          await attacker.write(frame("HEADERS", END_HEADERS | END_STREAM, id, bomb));
          target.count("bombs");
        }
        attacker.close();
      }),
  },
  flood("PING", "D04", () => frame("PING", 0, 0, Buffer.alloc(8))),
  flood("SETTINGS", "D04", () => settings([3, 100])),
  flood("PRIORITY", "D04", (id) => frame("PRIORITY", 0, id, Buffer.alloc(5))),
  flood("empty DATA", "D04", () => frame("DATA", 0, 1), headers(1, post, END_HEADERS)),
  {
    name: "windows that overflow",
    id: "D06",
    mustCount: "connections",
    run: async (target) =>
      await repeat(target, 16, async () => {
        const attacker = new AttackerSocket(target.port, true);
        const overflow = frame("WINDOW_UPDATE", 0, 0, uint32(0x7fffffff));
        await attacker.write(Buffer.concat([magic, settings(), headers(1, post, END_HEADERS), overflow]));
        target.count("connections");
        await attacker.untilClosed(target);
        attacker.close();
      }),
  },
  {
    name: "DATA of one byte",
    id: "D07",
    // Twenty million frames: a read of 64 KiB is 6,500 of them.
    floorMs: 200,
    mustCount: "frames",
    run: async (target) =>
      await repeat(target, atATime, async () => {
        const attacker = new AttackerSocket(target.port, true);
        await attacker.write(Buffer.concat([magic, settings(), headers(1, post, END_HEADERS)]));
        const bytes = Buffer.concat(Array.from({ length: perWrite }, () => frame("DATA", 0, 1, "x")));
        // The window bounds what may be on its way: no more than it gives.
        for (let sent = 0; sent < 60_000 && !attacker.isClosed && !target.isOver(); sent += perWrite) {
          await attacker.write(bytes);
          target.count("frames", perWrite);
        }
        attacker.close();
      }),
  },
  flood("GOAWAY", "D07", () => frame("GOAWAY", 0, 0, uint32(0, 0))),
];

/** Clients that ask for much and read little of it, or send much and slowly (reference D05, D08, D09). */
import { spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { get, headers, magic, settings } from "@waystone/waypoint/http/h2/testdata/frames";
import type { Attack, Target } from "../attack.ts";
import { AttackerSocket } from "./attacker-socket.ts";

const big = get.map(([name, value]) => [name, name === ":path" ? "/big" : value] as const);

async function pauseUntilOver(target: Target, each: () => void = () => {}): Promise<void> {
  while (!target.isOver()) {
    each();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const windowStall: Attack = {
  name: "no window for a hundred answers of 10 MB",
  id: "D05",
  mustCount: "streams",
  async run(target) {
    const attackers = Array.from({ length: 4 }, () => new AttackerSocket(target.port, true));
    for (const attacker of attackers) {
      const asked = Array.from({ length: 100 }, (_, i) => headers(2 * i + 1, big));
      await attacker.write(Buffer.concat([magic, settings([4, 0]), ...asked]));
      target.count("streams", 100);
    }
    await pauseUntilOver(target);
    for (const attacker of attackers) attacker.close();
  },
};

/** 10 kB/s each, of a download without end. */
const slowReaders: Attack = {
  name: "two hundred readers of 10 kB/s",
  id: "D09",
  // Until the kernel's buffers are full these are two hundred downloads at full speed.
  floorMs: 200,
  mustCount: "readers",
  async run(target) {
    const sockets: Socket[] = [];
    for (let i = 0; i < 200; i++) {
      const socket = connect({ port: target.port, host: "127.0.0.1" });
      socket.on("error", () => {});
      socket.write("GET /big HTTP/1.1\r\nHost: web\r\n\r\n");
      socket.pause();
      sockets.push(socket);
      target.count("readers");
    }
    await pauseUntilOver(target, () => {
      for (const socket of sockets) socket.read(1000);
    });
    for (const socket of sockets) socket.destroy();
  },
};

/** Debian's slowhttptest, which comes back by itself when its connections have been closed. */
function slowhttptest(name: string, flags: readonly string[], seconds: number): Attack {
  return {
    name,
    id: "D08",
    needs: "slowhttptest",
    mustCount: "reports",
    seconds,
    async run(target) {
      const url = `http://127.0.0.1:${target.port}/`;
      const child = spawn("slowhttptest", [...flags, "-u", url, "-l", String(target.seconds), "-p", "30"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let said = "";
      child.stdout.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-20_000)));
      await new Promise((resolve) => child.once("close", resolve));
      if (said.includes("slow HTTP test status")) target.count("reports");
      const closed = [...said.matchAll(/closed:\s*(?:\S*m)?\s*(\d+)/g)].at(-1)?.[1];
      target.count("closed by us", Number(closed ?? 0));
    },
  };
}

export const stalledReaders: readonly Attack[] = [
  windowStall,
  slowReaders,
  slowhttptest(
    "slow headers (slowhttptest -H)",
    ["-H", "-c", "4000", "-r", "1000", "-i", "3", "-x", "24"],
    18,
  ),
  slowhttptest(
    "slow bodies (slowhttptest -B)",
    ["-B", "-c", "1000", "-r", "1000", "-i", "1", "-s", "8192", "-x", "10"],
    5,
  ),
  slowhttptest(
    "slow reading (slowhttptest -X)",
    ["-X", "-c", "1000", "-r", "1000", "-w", "10", "-y", "20", "-n", "1", "-z", "32", "-k", "3"],
    5,
  ),
  slowhttptest(
    "overlapping ranges (slowhttptest -R)",
    ["-R", "-c", "1000", "-r", "500", "-a", "10", "-b", "3000"],
    4,
  ),
];

/** A process that may open few descriptors: clients beyond its share are reset, those it has go on, and it recovers (D10). */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openKeptClient } from "./kept-client.ts";
import { askOnce, tallyOf } from "./ask-once.ts";
import type { WholeCase } from "./whole-case.ts";
import { openWholeWaystone } from "./whole-waystone.ts";

const crowd = 400;

function openCrowd(host: string, port: number): readonly Socket[] {
  return Array.from({ length: crowd }, () => {
    const socket = connect({ host, port });
    socket.on("error", () => {});
    return socket.resume();
  });
}

async function run(): Promise<string> {
  const waystone = await openWholeWaystone("ulimit -n 300");
  const { address, webPort, admin } = waystone;
  const kept = await openKeptClient(address, webPort);
  const said: string[] = [];
  try {
    const [adminHost = "", adminPort = ""] = admin.split(":");
    for (const [what, host, port] of [
      ["the Service", address, webPort],
      // Its connections are the main thread's: they take what the worker's share leaves, and then its share.
      ["the admin address", adminHost, Number(adminPort)],
    ] as const) {
      const sockets = openCrowd(host, port);
      await sleep(300);
      const answers = await kept.ask(50);
      for (const socket of sockets) socket.destroy();
      await sleep(1000);
      const after: string[] = [];
      for (let i = 0; i < 20; i++) after.push(await askOnce(address, webPort));
      if (waystone.process.hasExited) throw new Error(`it ended while ${crowd} connected to ${what}`);
      if (answers.some((answer) => answer !== "200")) {
        throw new Error(`a kept connection got ${tallyOf(answers)} while ${crowd} connected to ${what}`);
      }
      if (after.some((answer) => answer !== "200")) {
        throw new Error(`a second after ${crowd} connections to ${what} new ones get ${tallyOf(after)}`);
      }
      said.push(`${crowd} to ${what}: others ${tallyOf(answers)}, a second later ${tallyOf(after)}`);
    }
    const refused = await waystone.metric("waystone_downstream_connections_refused_total");
    return `${said.join("; ")}; ${refused} refused`;
  } finally {
    kept.close();
    await waystone.close();
  }
}

export const descriptors: WholeCase = { name: "descriptors run out", id: "D10", run };

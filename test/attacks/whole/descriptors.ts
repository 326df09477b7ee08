/** A process that may open few descriptors: clients beyond its share are reset, those it has go on, and it recovers (D10). */
import { connect, type Socket } from "node:net";
import { openKeptClient } from "./kept-client.ts";
import { tallyOf } from "./ask-once.ts";
import { untilServed } from "./until-served.ts";
import type { WholeCase } from "./whole-case.ts";
import { openWholeWaystone } from "./whole-waystone.ts";

const crowd = 400;

/** Once each is connected, or has been turned away. */
async function openCrowd(host: string, port: number): Promise<readonly Socket[]> {
  const opened = Array.from({ length: crowd }, async () => {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const socket = connect({ host, port }).resume();
    socket.on("error", () => {});
    for (const event of ["connect", "close"]) socket.once(event, () => resolve(socket));
    return await promise;
  });
  return await Promise.all(opened);
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
      const sockets = await openCrowd(host, port);
      const answers = await kept.ask(50);
      for (const socket of sockets) socket.destroy();
      if (waystone.process.hasExited) throw new Error(`it ended while ${crowd} connected to ${what}`);
      if (answers.some((answer) => answer !== "200")) {
        throw new Error(`a kept connection got ${tallyOf(answers)} while ${crowd} connected to ${what}`);
      }
      const recoveredMs = Math.round(await untilServed(address, webPort));
      said.push(
        `${crowd} to ${what}: others ${tallyOf(answers)}, new ones are served after ${recoveredMs} ms`,
      );
    }
    const refused = await waystone.metric("waystone_downstream_connections_refused_total");
    return `${said.join("; ")}; ${refused} refused`;
  } finally {
    kept.close();
    await waystone.close();
  }
}

export const descriptors: WholeCase = { name: "descriptors run out", id: "D10", run };

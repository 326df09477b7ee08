/** A container that is too small for what is asked of it: requests are shed, nothing is killed, and it recovers (D11). */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { askOnce, tallyOf } from "./ask-once.ts";
import { untilServed } from "./until-served.ts";
import type { WholeCase } from "./whole-case.ts";
import { closeMemoryGroup, openMemoryGroup, openWholeWaystone } from "./whole-waystone.ts";

const memoryBytes = 256 * 1024 * 1024;
/** As many as one endpoint has connections for, all at once. Each holds what its endpoint does not read. */
const uploads = 2000;
const body = Buffer.alloc(512 * 1024, "x");
const attackMs = 5_000;
/** A busy machine takes its time to send them all. */
const longestMs = 60_000;
const isShed = (answer: string): boolean => answer === "503 retry-after" || answer === "reset";

async function run(): Promise<string> {
  const group = openMemoryGroup(memoryBytes);
  const enter = group === undefined ? ":" : `echo $$ > ${group}/cgroup.procs`;
  const waystone = await openWholeWaystone(enter);
  const sockets: Socket[] = [];
  const answers: string[] = [];
  try {
    if (group === undefined) return "not shown here: no control group can be made";
    const { address, webPort, mutePort } = waystone;
    for (let i = 0; i < uploads; i++) sockets.push(upload(address, mutePort));
    const start = performance.now();
    const since = (): number => performance.now() - start;
    while (since() < attackMs || (!answers.some(isShed) && since() < longestMs)) {
      answers.push(await askOnce(address, webPort));
      await sleep(20);
    }
    const during = tallyOf(answers);
    if (waystone.process.hasExited)
      throw new Error(`it was killed: ${String(await waystone.process.exited)}`);
    const bad = answers.filter((answer) => answer !== "200" && !isShed(answer));
    if (bad.length > 0) throw new Error(`others got ${during}`);

    if (!answers.some(isShed)) throw new Error(`memory was never short: ${during}`);
    for (const socket of sockets) socket.destroy();
    const recoveredMs = await untilServed(address, webPort);
    const restarts = await waystone.metric("waystone_worker_restarts_total");
    if (restarts > 0) throw new Error(`${restarts} workers ran out of memory (others got ${during})`);
    return `others got ${during}; served again after ${Math.round(recoveredMs)} ms; no worker was lost`;
  } finally {
    for (const socket of sockets) socket.destroy();
    await waystone.close();
    if (group !== undefined) await closeMemoryGroup(group);
  }
}

function upload(host: string, port: number): Socket {
  const head = `POST / HTTP/1.1\r\nHost: mute\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = connect({ host, port }, () => {
    socket.write(head);
    socket.write(body);
  });
  socket.on("error", () => {});
  return socket.resume();
}

export const memoryCeiling: WholeCase = { name: "memory runs out", id: "D11", run };

/**
 * A port that nobody listens on now, for configuration that must name one before its listener exists. From below those that
 * the kernel gives to connections and to listeners on port 0: one of them would be another's a moment later on a busy machine.
 * Servers of a test's own listen on port 0 instead.
 */
import { randomInt } from "node:crypto";
import net from "node:net";

/** Linux gives from 32768, other systems from 49152; the last 2768 before are NodePorts of a cluster. */
const firstPort = 10_240;
const endPort = 30_000;
/** Files that run beside each other take theirs from different quarters: what one has been given and does not listen on yet is nobody else's. */
const quarter = Math.floor((endPort - firstPort) / 4);
const quarterStart = firstPort + (Number(process.env["VITEST_POOL_ID"] ?? 0) % 4) * quarter;
let next = randomInt(quarter);

export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (;;) {
    const port = quarterStart + next;
    next = (next + 1) % quarter;
    if (await isFree(port, host)) return port;
  }
}

/** Several at once, all different. */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort(host));
  return [...found];
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = net.createServer();
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
    else reject(error);
  });
  server.listen(port, host, () => server.close(() => resolve(true)));
  return await promise;
}

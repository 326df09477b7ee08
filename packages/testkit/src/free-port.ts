/**
 * A port that nobody listens on now, for configuration that must name one before its listener exists. Someone else may take
 * it in between: servers of a test's own listen on port 0 instead.
 */
import net from "node:net";

export async function freePort(host = "127.0.0.1"): Promise<number> {
  const server = net.createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(0, host, () => {
    const address = server.address();
    server.close(() => {
      if (address === null || typeof address === "string") reject(new Error(`no port on ${host}`));
      else resolve(address.port);
    });
  });
  return await promise;
}

/** Several at once, all different. */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort(host));
  return [...found];
}

/**
 * Can we have this port? Workers listen with reusePort, which lets a second process listen beside us and take half of the
 * connections without anybody noticing. So the main thread first binds each port alone, once, and lets go of it again.
 */
import { createServer } from "node:net";
import { listenAt } from "../listener/listen-at.ts";

/** Undefined: the port is free. Otherwise the system's code (EADDRINUSE, EACCES, EADDRNOTAVAIL ...). */
export type ProbePort = (address: string, port: number) => Promise<string | undefined>;

export const probePort: ProbePort = (address, port) =>
  new Promise((resolve) => {
    const server = createServer();
    listenAt(
      server,
      { address, port, exclusive: true },
      () => server.close(() => resolve(undefined)),
      (error) => resolve(error.code ?? error.message),
    );
  });

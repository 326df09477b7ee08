/**
 * Can we have this port? Workers listen with reusePort, which lets a second process listen beside us and take half of the
 * connections without anybody noticing. So the main thread first binds each port alone, once, and lets go of it again.
 * It does not listen: the kernel would let clients in on behalf of somebody who is gone at once, and reset them.
 */
import net, { createServer } from "node:net";
import { getSystemErrorName } from "node:util";
import { isKnownNode } from "../listener/known-node.ts";
import { isWithoutIpv6, listenAt } from "../listener/listen-at.ts";

/** Undefined: the port is free. Otherwise the system's code (EADDRINUSE, EACCES, EADDRNOTAVAIL ...). */
export type ProbePort = (address: string, port: number) => Promise<string | undefined>;

/** The part of Node's TCP handle that is used. */
interface BoundHandle {
  /** 0, or an error: that of binding too, which libuv keeps to itself until then where the port is in use. */
  getsockname(into: object): number;
  close(): void;
}

/** What Node's cluster binds by; missing from its types. A number is an error. */
type CreateServerHandle = (address: string, port: number, family: number) => BoundHandle | number;

const { _createServerHandle: createServerHandle } = net as unknown as {
  readonly _createServerHandle?: CreateServerHandle;
};

export const probePort: ProbePort = async (address, port) => {
  if (!isKnownNode || createServerHandle === undefined) return await probeByListening(address, port);
  const code = bindOnce(createServerHandle, address, port);
  return isWithoutIpv6(address, code) ? bindOnce(createServerHandle, "0.0.0.0", port) : code;
};

function bindOnce(create: CreateServerHandle, address: string, port: number): string | undefined {
  const handle = create(address, port, net.isIP(address));
  if (typeof handle === "number") return getSystemErrorName(handle);
  const error = handle.getsockname({});
  handle.close();
  return error === 0 ? undefined : getSystemErrorName(error);
}

/** The public way, which does let clients in for a moment. */
function probeByListening(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    listenAt(
      server,
      { address, port, exclusive: true },
      () => server.close(() => resolve(undefined)),
      (error) => resolve(error.code ?? error.message),
    );
  });
}

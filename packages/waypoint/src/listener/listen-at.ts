/**
 * Listening at an address; "::" is every address of both families (a captured Service's place in a pod). Where a machine has
 * no IPv6 at all, every address is every IPv4 address: clusters of one family have nodes that switch the other off.
 */
import type { ListenOptions, Server } from "node:net";

export interface ListenAtOptions extends Omit<ListenOptions, "host" | "port"> {
  readonly address: string;
  readonly port: number;
}

/** Errors of later go to the server's own "error" event too. */
export function listenAt(
  server: Server,
  { address, port, ...options }: ListenAtOptions,
  onListening: () => void,
  onError: (error: NodeJS.ErrnoException) => void,
): void {
  let host = address;
  server.once("listening", onListening);
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (!isWithoutIpv6(host, error.code)) return onError(error);
    host = "0.0.0.0";
    server.listen({ ...options, host, port });
  });
  server.listen({ ...options, host, port });
}

/** EAFNOSUPPORT: the kernel has no IPv6. EADDRNOTAVAIL: it has, and it is switched off. */
export function isWithoutIpv6(host: string, code: string | undefined): boolean {
  return host === "::" && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL");
}

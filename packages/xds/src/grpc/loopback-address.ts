/**
 * Where the push channel may be for now: plaintext and without tokens, so on loopback alone. Anything else is refused
 * rather than served unprotected.
 */
import { isLoopback, parseIp } from "@waystone/base/ip";

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Parses "127.0.0.1:15010", "[::1]:15010" or "localhost:15010"; throws with what to do. */
export function parseLoopbackAddress(address: string): HostPort {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new Error(`push address ${JSON.stringify(address)} is not host:port, for example 127.0.0.1:15010`);
  }
  const named = match[1] ?? match[2] ?? "";
  // Not looked up: what a resolver says is not what the user typed.
  const host = parseIp(named === "localhost" ? "127.0.0.1" : named);
  if (host === undefined || !isLoopback(host)) {
    throw new Error(
      `push address ${address} is not a loopback address: the push channel has no TLS and no tokens yet, ` +
        "so controller and waypoint must be on one machine; use 127.0.0.1:<port> or [::1]:<port>",
    );
  }
  return { host, port };
}

export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

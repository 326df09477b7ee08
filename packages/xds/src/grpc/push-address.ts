/**
 * Where the push channel may be. With TLS and tokens: anywhere. In plaintext: on loopback alone; anything else is refused
 * rather than served unprotected.
 */
import { isLoopback, parseIp } from "@waystone/base/ip";

export interface HostPort {
  /** An IP address or a name; "" is every address of this machine. */
  readonly host: string;
  readonly port: number;
}

/** Parses "waystone-push.waystone-system.svc:15010", "[::1]:15010" or ":15010"; throws with what to do. */
export function parsePushAddress(address: string): HostPort {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new Error(`push address ${JSON.stringify(address)} is not host:port, for example 127.0.0.1:15010`);
  }
  const host = match[1] ?? match[2] ?? "";
  return { host: parseIp(host) ?? host, port };
}

/** Parses "127.0.0.1:15010", "[::1]:15010" or "localhost:15010"; throws with what to do. */
export function parseLoopbackAddress(address: string): HostPort {
  const { host: named, port } = parsePushAddress(address);
  // Not looked up: what a resolver says is not what the user typed.
  const host = parseIp(named === "localhost" ? "127.0.0.1" : named);
  if (host === undefined || !isLoopback(host)) {
    throw new Error(
      `push address ${address} is not a loopback address: without TLS and a token the push channel stays on one ` +
        "machine; use 127.0.0.1:<port> or [::1]:<port>, or give a token file and the controller's CA",
    );
  }
  return { host, port };
}

export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Addresses that a flag names: "127.0.0.1:15000", "[::1]:15000", "localhost:15000", or a port alone. */
import { isLoopback, parseIp } from "@waystone/base/ip";
import { CliError } from "../cli-error.ts";

export interface HostPort {
  readonly address: string;
  readonly port: number;
}

/** Port 0 means any free one. Names are not looked up: where we listen must not depend on a resolver. */
export function parseAddress(text: string, flag: string): HostPort {
  const match = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?(\d{1,5})$/.exec(text);
  const named = match?.[1] ?? match?.[2] ?? "";
  const address = parseIp(named === "" || named === "localhost" ? "127.0.0.1" : named);
  const port = Number(match?.[3]);
  if (match === null || address === undefined || port > 65_535) {
    throw new CliError(
      `${flag} ${JSON.stringify(text)} is not address:port; write, for example, ${flag} 127.0.0.1:15000`,
    );
  }
  return { address, port };
}

/** `reason` finishes the sentence "... is not a loopback address: ". */
export function parseLoopbackAddress(text: string, flag: string, reason: string): HostPort {
  const parsed = parseAddress(text, flag);
  if (!isLoopback(parsed.address)) {
    throw new CliError(
      `${flag} ${text} is not a loopback address: ${reason}; use 127.0.0.1:${parsed.port} or [::1]:${parsed.port}`,
    );
  }
  return parsed;
}

export function formatAddress({ address, port }: HostPort): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

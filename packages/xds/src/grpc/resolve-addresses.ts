/** Names to addresses, by the machine's resolver: it knows the search domains that a Service's short name needs. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { parseIp } from "@waystone/base/ip";

/** All addresses of a name, of both families; rejects where there are none. An address is its own name. */
export type ResolveAddresses = (host: string) => Promise<readonly string[]>;

export const resolveBySystem: ResolveAddresses = async (host) => {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true, order: "verbatim" });
  return [...new Set(found.map(({ address }) => parseIp(address) ?? address))];
};

/**
 * Addresses that nothing is fetched from, whoever names them: a policy's author could otherwise have the waypoint ask what only the waypoint
 * may reach (server-side request forgery). Private ones are open: most issuers are in the cluster.
 */
import { type Cidr, parseCidr } from "@waystone/base/cidr";
import { parseIp } from "@waystone/base/ip";

/** Also as addresses that are translated to them (RFC 6052, RFC 6145, 6to4 and Teredo are for nobody). */
const guarded: readonly Cidr[] = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  // The metadata service of Alibaba Cloud, and Azure's.
  "100.100.100.200/32",
  "168.63.129.16/32",
  "192.0.0.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/32",
  "2002::/16",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
  "fd00:ec2::254/128",
].map(blockOf);

function blockOf(text: string): Cidr {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`${text} is no block of addresses`);
  return block;
}

export interface AddressGuard {
  /** Why it may not be dialled; undefined: it may. */
  problemWith(address: string): string | undefined;
}

/** `allowed`: addresses and blocks that the policy names. `controlPlane`: the addresses of ours and of Kubernetes. */
export function addressGuard(allowed: readonly string[], controlPlane: readonly string[]): AddressGuard {
  const open = allowed.flatMap((text) => parseCidr(text) ?? []);
  const ours = new Set(controlPlane.map((text) => parseIp(text) ?? text));
  return {
    problemWith(address) {
      const canonical = parseIp(address);
      if (canonical === undefined) return `${address} is no address`;
      if (open.some((block) => block.contains(canonical))) return undefined;
      if (ours.has(canonical)) return `${canonical} is the control plane's`;
      if (!guarded.some((block) => block.contains(canonical))) return undefined;
      return `${canonical} is nothing that may be fetched from unless allowedAddresses names it`;
    },
  };
}

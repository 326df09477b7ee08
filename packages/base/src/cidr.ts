/**
 * Blocks of IP addresses. Addresses are compared in the canonical form of ip.ts, so that an IPv4-mapped IPv6 address is
 * the IPv4 address it means: "::ffff:10.0.0.0/104" is "10.0.0.0/8", and "::/0" means every IPv6 address and no IPv4 one.
 */
import { parseIp } from "./ip.ts";

/** 4 bytes of an IPv4 address, or 16 of an IPv6 one. */
type Octets = readonly number[];

export class Cidr {
  /** Canonical: the first address of the block, and the prefix length. */
  readonly text: string;
  readonly #first: Octets;
  readonly #prefixLength: number;

  /** Use parseCidr. */
  constructor(first: Octets, prefixLength: number) {
    this.#first = first.map((octet, at) => octet & maskOf(prefixLength, at));
    this.#prefixLength = prefixLength;
    this.text = `${formatOctets(this.#first)}/${prefixLength}`;
  }

  /** False for what is no IP address. */
  contains(address: string): boolean {
    const canonical = parseIp(address);
    return canonical !== undefined && this.#containsOctets(octetsOf(canonical));
  }

  #containsOctets(octets: Octets): boolean {
    if (octets.length !== this.#first.length) return false;
    for (let at = 0; at * 8 < this.#prefixLength; at++) {
      if ((octets[at]! & maskOf(this.#prefixLength, at)) !== this.#first[at]) return false;
    }
    return true;
  }
}

/**
 * A block, or a single address as the block that holds only it; undefined where the text is neither. Bits after the
 * prefix are dropped, as Kubernetes does: "10.1.2.3/8" is "10.0.0.0/8".
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const written = slash < 0 ? text : text.slice(0, slash);
  // A block has no scope (RFC 4007), while an address may.
  if (slash >= 0 && written.includes("%")) return undefined;
  const canonical = parseIp(written);
  if (canonical === undefined) return undefined;
  const octets = octetsOf(canonical);
  const mappedBits = octets.length === 4 && written.includes(":") ? 96 : 0;
  if (slash < 0) return new Cidr(octets, octets.length * 8);
  const prefix = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(prefix)) return undefined;
  const prefixLength = Number(prefix) - mappedBits;
  if (prefixLength < 0 || prefixLength > octets.length * 8) return undefined;
  return new Cidr(octets, prefixLength);
}

/** The part of a prefix of `length` bits that lies in octet `at`. */
function maskOf(length: number, at: number): number {
  const bits = Math.min(8, Math.max(0, length - at * 8));
  return (0xff00 >> bits) & 0xff;
}

/** Of an address that parseIp gave. */
function octetsOf(canonical: string): Octets {
  if (!canonical.includes(":")) return canonical.split(".").map(Number);
  // The last 32 bits may be dotted even in canonical form: "::1.2.3.4" (RFC 5952 section 5).
  const dotted = canonical.includes(".") ? canonical.slice(canonical.lastIndexOf(":") + 1) : "";
  const tail = dotted === "" ? [] : dotted.split(".").map(Number);
  const groups = canonical.slice(0, canonical.length - dotted.length);
  const gap = groups.indexOf("::");
  const head = octetsOfGroups(gap < 0 ? groups : groups.slice(0, gap));
  const rest = gap < 0 ? [] : octetsOfGroups(groups.slice(gap + 2));
  const missing = 16 - head.length - rest.length - tail.length;
  return [...head, ...Array.from({ length: missing }, () => 0), ...rest, ...tail];
}

function octetsOfGroups(groups: string): number[] {
  return groups
    .split(":")
    .filter((group) => group !== "")
    .flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    });
}

function formatOctets(octets: Octets): string {
  if (octets.length === 4) return octets.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((octets[2 * i]! << 8) | octets[2 * i + 1]!).toString(16),
  );
  return parseIp(groups.join(":")) ?? groups.join(":");
}

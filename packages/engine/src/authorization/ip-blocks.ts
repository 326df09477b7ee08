/** Blocks of addresses, compared as numbers and without help of the platform. IPv4 is the usual case and allocates nothing. */
import { parseIpv4, parseIpv6Groups } from "../path/ipv6-literal.ts";

interface Ipv4Block {
  readonly first: number;
  readonly mask: number;
}

interface Ipv6Block {
  readonly groups: readonly number[];
  readonly prefixLength: number;
}

export class IpBlocks {
  readonly #ipv4: Ipv4Block[] = [];
  readonly #ipv6: Ipv6Block[] = [];

  /** False where the text is no block. */
  add(text: string): boolean {
    const slash = text.indexOf("/");
    const address = slash < 0 ? text : text.slice(0, slash);
    const length = slash < 0 ? "" : text.slice(slash + 1);
    if (slash >= 0 && !/^(0|[1-9][0-9]{0,2})$/.test(length)) return false;
    const bytes = parseIpv4(address);
    if (bytes !== undefined) return this.#addIpv4(bytes, length === "" ? 32 : Number(length));
    const groups = parseIpv6Groups(address);
    return groups !== undefined && this.#addIpv6(groups, length === "" ? 128 : Number(length));
  }

  /** `address` in the form of base/ip; false for "". */
  contains(address: string): boolean {
    const ipv4 = ipv4Number(address);
    if (ipv4 >= 0) {
      for (let i = 0; i < this.#ipv4.length; i++) {
        const { first, mask } = this.#ipv4[i]!;
        if ((ipv4 & mask) >>> 0 === first) return true;
      }
      return false;
    }
    if (this.#ipv6.length === 0) return false;
    const groups = parseIpv6Groups(address);
    return groups !== undefined && this.#ipv6.some((block) => containsGroups(block, groups));
  }

  #addIpv4(bytes: readonly number[], prefixLength: number): boolean {
    if (prefixLength > 32) return false;
    const mask = maskOf(prefixLength, 32);
    const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    this.#ipv4.push({ first: (number & mask) >>> 0, mask });
    return true;
  }

  #addIpv6(groups: readonly number[], prefixLength: number): boolean {
    if (prefixLength > 128) return false;
    // ::ffff:10.0.0.0/104 is 10.0.0.0/8: addresses come as the IPv4 address that they mean.
    const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
    if (isMapped && prefixLength >= 96) {
      const bytes = [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255];
      return this.#addIpv4(bytes, prefixLength - 96);
    }
    this.#ipv6.push({ groups, prefixLength });
    return true;
  }
}

function containsGroups({ groups, prefixLength }: Ipv6Block, address: readonly number[]): boolean {
  for (let i = 0; i * 16 < prefixLength; i++) {
    const mask = maskOf(Math.min(16, prefixLength - i * 16), 16);
    if ((address[i]! & mask) !== (groups[i]! & mask)) return false;
  }
  return true;
}

/** The first `length` of `bits` bits; a shift by 32 is one by 0 in JavaScript. */
function maskOf(length: number, bits: number): number {
  return length === 0 ? 0 : (-1 << (bits - length)) >>> 0;
}

/** -1 where it is no IPv4 address. */
function ipv4Number(text: string): number {
  if (text.length < 7 || text.length > 15) return -1;
  let number = 0;
  let byte = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x2e) {
      if (byte < 0 || ++dots > 3) return -1;
      number = number * 256 + byte;
      byte = -1;
      continue;
    }
    const digit = char - 0x30;
    if (digit < 0 || digit > 9) return -1;
    byte = (byte < 0 ? 0 : byte * 10) + digit;
    if (byte > 255) return -1;
  }
  return dots === 3 && byte >= 0 ? number * 256 + byte : -1;
}

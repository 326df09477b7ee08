/**
 * One spelling for every IP address: IPv4 dotted, IPv6 compressed and lower-case (RFC 5952), IPv4-mapped IPv6
 * (::ffff:a.b.c.d) as the IPv4 address it means, scope ids dropped. Addresses are compared as these strings.
 */
import { isIPv4, isIPv6, SocketAddress } from "node:net";

/** The canonical form, or undefined where the text is no IP address. */
export function parseIp(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const unscoped = text.includes("%") ? text.slice(0, text.indexOf("%")) : text;
  if (!isIPv6(unscoped)) return undefined;
  const canonical = new SocketAddress({ address: unscoped, family: "ipv6" }).address.toLowerCase();
  if (canonical.startsWith("::ffff:")) {
    const mapped = canonical.slice("::ffff:".length);
    if (isIPv4(mapped)) return mapped;
  }
  return canonical;
}

/** 127.0.0.0/8 and ::1, of an address that parseIp gave. */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

/** 169.254.0.0/16 (cloud metadata lives there) and fe80::/10, of an address that parseIp gave. */
export function isLinkLocal(address: string): boolean {
  return address.startsWith("169.254.") || /^fe[89ab][0-9a-f]:/.test(address);
}

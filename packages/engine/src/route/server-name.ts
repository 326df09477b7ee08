/**
 * The names that TLSRoutes are about: a DNS name in lower case without the root's dot, or "*." before one. What a client
 * says in its ClientHello is brought into the same form, or is no name at all.
 */

/** RFC 1035 2.3.4, without the root's dot. */
const longestName = 253;
/** Before letters are made small: some that are not ASCII (the Kelvin sign) become ones that are. */
const label = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/**
 * Lower case, without the root's dot (RFC 6066 3 wants none, some clients send it); undefined: no DNS name, so that it can
 * be meant for nobody. Names in other scripts come as A-labels (RFC 5890), so all that is not ASCII is none.
 */
export function normalizeServerName(text: string): string | undefined {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name.length > longestName) return undefined;
  return name.split(".").every((part) => label.test(part)) ? name.toLowerCase() : undefined;
}

/** Whether a route may be about it: a name as above, or one behind "*.". */
export function isServerNamePattern(text: string): boolean {
  const name = text.startsWith("*.") ? text.slice(2) : text;
  return normalizeServerName(name) === name;
}

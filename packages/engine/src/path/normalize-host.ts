/**
 * Host and authority, in one spelling for routing, policies and logs (reference T01, T03): lower case, no port, no
 * trailing dot, IPv6 in brackets and in RFC 5952's form. Where RFC 3986 would allow more than a host name needs
 * (sub-delimiters, percent-encoding, an empty port), it is refused: servers do not agree on what that means.
 */
import { canonicalIpv6 } from "./ipv6-literal.ts";

export interface Authority {
  readonly host: string;
  readonly port: number | undefined;
}

export interface RefusedHost {
  readonly refused: string;
}

const refusals = {
  empty: { refused: "the host is empty" },
  long: { refused: "the host is longer than 255 characters" },
  user: { refused: "the host has user information" },
  character: { refused: "the host has a character that no host name has" },
  label: { refused: "the host has an empty label" },
  port: { refused: "the port is not a number from 1 to 65535" },
  ipv6: { refused: "the host is not a valid IPv6 address in brackets" },
} as const satisfies Record<string, RefusedHost>;

const letterKinds = { refused: 0, plain: 1, upper: 2, dot: 3 } as const;

/** The value of Host or :authority, or of a target's authority. */
export function parseAuthority(text: string): Authority | RefusedHost {
  if (text === "") return refusals.empty;
  if (text.charCodeAt(0) === 0x5b) return parseBracketed(text);
  let end = text.length;
  let hasUpper = false;
  let afterDot = true;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    const kind = char < 128 ? kinds[char]! : letterKinds.refused;
    if (kind === letterKinds.plain) afterDot = false;
    else if (kind === letterKinds.upper) {
      hasUpper = true;
      afterDot = false;
    } else if (kind === letterKinds.dot) {
      if (afterDot) return refusals.label;
      afterDot = true;
    } else if (char === 0x3a) {
      end = i;
      break;
    } else return text.includes("@") ? refusals.user : refusals.character;
  }
  if (end === 0) return refusals.empty;
  if (end > 255) return refusals.long;
  const port = end === text.length ? undefined : parsePort(text, end + 1);
  if (port === 0) return text.includes("@") ? refusals.user : refusals.port;
  // The root's dot is the same name (RFC 9110 4.3.3 leaves it to us; design.md: normalised).
  const host = text.slice(0, afterDot ? end - 1 : end);
  return { host: hasUpper ? host.toLowerCase() : host, port };
}

function parseBracketed(text: string): Authority | RefusedHost {
  const close = text.indexOf("]");
  const address = close < 0 ? undefined : canonicalIpv6(text.slice(1, close));
  if (address === undefined) return refusals.ipv6;
  if (close === text.length - 1) return { host: `[${address}]`, port: undefined };
  const port = text[close + 1] === ":" ? parsePort(text, close + 2) : 0;
  return port === 0 ? refusals.port : { host: `[${address}]`, port };
}

/** 0 where it is no port. No leading zeros: one number has one spelling. */
function parsePort(text: string, from: number): number {
  const length = text.length - from;
  if (length < 1 || length > 5 || text.charCodeAt(from) === 0x30) return 0;
  let port = 0;
  for (let i = from; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    port = port * 10 + digit;
  }
  return port <= 65_535 ? port : 0;
}

/** RFC 3986's unreserved characters; "_" and capitals occur in gRPC's authorities. */
const kinds: Uint8Array = (() => {
  const table = new Uint8Array(128).fill(letterKinds.refused);
  for (const char of "abcdefghijklmnopqrstuvwxyz0123456789-_~") table[char.charCodeAt(0)] = letterKinds.plain;
  for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZ") table[char.charCodeAt(0)] = letterKinds.upper;
  table[0x2e] = letterKinds.dot;
  return table;
})();

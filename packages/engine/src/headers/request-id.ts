/** X-Request-Id: kept from peers that are known, else made; so that one request has one id through the mesh. */
import type { Rng } from "@waystone/base/rng";
import type { PeerTrust } from "./forwarded.ts";

/** `existing`: every value of the header. Two ids, or one that is no plain word, are none. */
export function requestId(trust: PeerTrust, existing: readonly string[], rng: Rng): string {
  const value = existing.length === 1 ? existing[0]! : "";
  return trust !== "unknown" && isPlainId(value) ? value : buildRequestId(rng);
}

/** A random UUID (RFC 9562 5.4). It names a request; it guards nothing. */
export function buildRequestId(rng: Rng): string {
  const a = Math.floor(rng.next() * 0x1_0000_0000);
  const b = Math.floor(rng.next() * 0x1_0000_0000);
  const c = Math.floor(rng.next() * 0x1_0000_0000);
  const d = Math.floor(rng.next() * 0x1_0000_0000);
  const version = (b & 0xffff_0fff) | 0x4000;
  const variant = (c & 0x3fff_ffff) | 0x8000_0000;
  return `${word(a)}-${half(version >>> 16)}-${half(version)}-${half(variant >>> 16)}-${half(c)}${word(d)}`;
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

function half(value: number): string {
  return hexOfByte[(value >>> 8) & 0xff]! + hexOfByte[value & 0xff]!;
}

function word(value: number): string {
  return half(value >>> 16) + half(value);
}

/** Up to 128 visible characters without quotes, separators or markup: it goes into logs and other headers. */
function isPlainId(value: string): boolean {
  if (value.length === 0 || value.length > 128) return false;
  for (let i = 0; i < value.length; i++) {
    const char = value.charCodeAt(i);
    const isWord =
      (char >= 0x30 && char <= 0x39) || (char >= 0x41 && char <= 0x5a) || (char >= 0x61 && char <= 0x7a);
    // "-._:/+=@" are what ids are written with.
    if (!isWord && !"-._:/+=@".includes(value[i]!)) return false;
  }
  return true;
}

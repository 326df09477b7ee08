/**
 * Header names that the data path acts on, as small numbers: a scanner recognises a name once (by hash, then by its
 * bytes) and everything after compares integers. 0 is any other name.
 */

const names = [
  "",
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "true-client-ip",
  "x-forwarded-prefix",
  "x-forwarded-server",
  "x-original-host",
  "x-envoy-original-host",
  "x-envoy-external-address",
  "x-envoy-internal",
  "x-request-id",
  "user-agent",
  "authorization",
  "content-type",
  "set-cookie",
  "origin",
  "cookie",
  "date",
  "server",
  "http2-settings",
  "x-envoy-original-path",
  "x-original-url",
  "x-rewrite-url",
  "x-forwarded-client-cert",
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-accept",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
  "access-control-request-method",
  "access-control-request-headers",
  "grpc-status",
] as const;

export type KnownName = Exclude<(typeof names)[number], "">;

export const knownCount: number = names.length;

/** The number of a known name. */
export const Known: Readonly<Record<KnownName, number>> = Object.fromEntries(
  names.map((name, id) => [name, id]).slice(1),
) as Record<KnownName, number>;

/** In lower case; of a number that is not 0. */
export function knownName(id: number): string {
  return names[id]!;
}

const tableSize = 1024;
const idBySlot = new Uint8Array(tableSize);
const nameBytes: readonly Uint8Array[] = names.map((name) => Buffer.from(name, "latin1"));

/** The hash that a scanner runs over the lower-cased bytes of a name; `next` is its step. */
export const hashStart = 17;
export const hashMultiplier: number = findMultiplier();

function hashOf(name: string): number {
  let hash = hashStart;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, hashMultiplier) + name.charCodeAt(i)) | 0;
  return hash;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 13)) & (tableSize - 1);
}

/** Fills the table with the first multiplier under which no two known names share a slot. */
function findMultiplier(): number {
  for (let multiplier = 31; ; multiplier += 2) {
    idBySlot.fill(0);
    let free = true;
    for (let id = 1; id < names.length && free; id++) {
      let hash = hashStart;
      const name = names[id]!;
      for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, multiplier) + name.charCodeAt(i)) | 0;
      const slot = slotOf(hash);
      free = idBySlot[slot] === 0;
      idBySlot[slot] = id;
    }
    if (free) return multiplier;
  }
}

/** The number of the name at bytes[start, end), whose hash is `hash`; 0 where it is not a known one. */
export function knownIdOfBytes(hash: number, bytes: Uint8Array, start: number, end: number): number {
  const id = idBySlot[slotOf(hash)]!;
  if (id === 0) return 0;
  const expected = nameBytes[id]!;
  if (expected.length !== end - start) return 0;
  for (let i = 0; i < expected.length; i++) {
    // Setting the sixth bit lower-cases a letter; the name is a token, so nothing else can turn into a letter or hyphen.
    if ((bytes[start + i]! | 0x20) !== expected[i]) return 0;
  }
  return id;
}

/** The number of a lower-case name; 0 where it is not a known one. */
export function knownId(lowerName: string): number {
  const id = idBySlot[slotOf(hashOf(lowerName))]!;
  return names[id] === lowerName ? id : 0;
}

/** The static table (RFC 7541 Appendix A). */
import { type Field, fieldOf } from "./field.ts";

const entries: readonly (readonly [name: string, value?: string])[] = [
  [":authority"],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset"],
  ["accept-encoding", "gzip, deflate"],
  ["accept-language"],
  ["accept-ranges"],
  ["accept"],
  ["access-control-allow-origin"],
  ["age"],
  ["allow"],
  ["authorization"],
  ["cache-control"],
  ["content-disposition"],
  ["content-encoding"],
  ["content-language"],
  ["content-length"],
  ["content-location"],
  ["content-range"],
  ["content-type"],
  ["cookie"],
  ["date"],
  ["etag"],
  ["expect"],
  ["expires"],
  ["from"],
  ["host"],
  ["if-match"],
  ["if-modified-since"],
  ["if-none-match"],
  ["if-range"],
  ["if-unmodified-since"],
  ["last-modified"],
  ["link"],
  ["location"],
  ["max-forwards"],
  ["proxy-authenticate"],
  ["proxy-authorization"],
  ["range"],
  ["referer"],
  ["refresh"],
  ["retry-after"],
  ["server"],
  ["set-cookie"],
  ["strict-transport-security"],
  ["transfer-encoding"],
  ["user-agent"],
  ["vary"],
  ["via"],
  ["www-authenticate"],
];

/** By index less one. */
export const staticTable: readonly Field[] = entries.map(([name, value]) => fieldOf(name, value ?? ""));

/** The first index of a name; 0 for none. */
export function staticNameIndex(name: string): number {
  return nameIndexes.get(name) ?? 0;
}

const nameIndexes = new Map<string, number>();
for (const [at, { name }] of staticTable.entries()) {
  if (!nameIndexes.has(name.text)) nameIndexes.set(name.text, at + 1);
}

/** The index of a whole field line; 0 for none. */
export function staticFieldIndex(name: string, value: string): number {
  for (let index = staticNameIndex(name); index > 0 && index <= staticTable.length; index++) {
    const field = staticTable[index - 1]!;
    if (field.name.text !== name) return 0;
    if (field.value === value && value !== "") return index;
  }
  return 0;
}

/** Which of the headers that came are not passed on: the same for every protocol version. */
import { Known, knownCount } from "./known-headers.ts";

/** RFC 9110 7.6.1, and framing, which each hop makes anew. */
const hopByHop: readonly number[] = [
  Known.connection,
  Known["keep-alive"],
  Known["proxy-connection"],
  Known["proxy-authenticate"],
  Known["proxy-authorization"],
  Known.te,
  Known["transfer-encoding"],
  Known["content-length"],
  Known.trailer,
  Known.upgrade,
  Known["http2-settings"],
];

/** A table for OutgoingHeaders.dropped: hop-by-hop names and the given ones. */
export function droppedTable(...more: readonly number[]): Uint8Array {
  const table = new Uint8Array(knownCount);
  for (const id of [...hopByHop, ...more]) table[id] = 1;
  return table;
}

/** Those that nobody passes on, and no others. */
export const plainDropped: Uint8Array = droppedTable();

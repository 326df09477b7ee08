/**
 * A copy of a text that is to be kept for long, in memory of its own: V8 lets a part of a text share the memory of the whole, so that
 * thirteen characters of a header would hold on to all of a head, of 64 KiB perhaps. Latin-1, as all that is read from peers.
 */
export function detachText(text: string): string {
  return Buffer.from(text, "latin1").latin1Slice();
}

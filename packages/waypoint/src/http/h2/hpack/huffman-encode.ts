/** Huffman encoding (RFC 7541 5.2): only for strings that get shorter by it. */
import { huffmanCode } from "./huffman-code.ts";

const { codes, lengths } = huffmanCode;

/** Bytes that the Latin-1 text takes encoded. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += lengths[text.charCodeAt(i)]!;
  return (bits + 7) >> 3;
}

/** Writes the Latin-1 text at `position`; gives back where it ends. */
export function writeHuffman(out: Uint8Array, position: number, text: string): number {
  let at = position;
  let pending = 0;
  let pendingBits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    const length = lengths[symbol]!;
    // Seven bits wait at most, and a code has 30: more than 32 in all, so a long code goes in two halves.
    if (length > 24) {
      pending = (pending << (length - 16)) | (codes[symbol]! >>> 16);
      pendingBits += length - 16;
      for (; pendingBits >= 8; pendingBits -= 8) out[at++] = pending >>> (pendingBits - 8);
      pending = ((pending & ((1 << pendingBits) - 1)) << 16) | (codes[symbol]! & 0xffff);
      pendingBits += 16;
    } else {
      pending = (pending << length) | codes[symbol]!;
      pendingBits += length;
    }
    for (; pendingBits >= 8; pendingBits -= 8) out[at++] = pending >>> (pendingBits - 8);
    pending &= (1 << pendingBits) - 1;
  }
  // The first bits of EOS pad the last byte.
  if (pendingBits > 0) out[at++] = (pending << (8 - pendingBits)) | (0xff >>> pendingBits);
  return at;
}

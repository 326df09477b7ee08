/** Writes the primitives of a header block (RFC 7541 5) to memory that has room for them. */
import { huffmanLength, writeHuffman } from "./huffman-encode.ts";

/** RFC 7541 5.1: `first` has the bits before the prefix, `mask` covers the prefix. Gives back where it ends. */
export function writeInteger(
  out: Uint8Array,
  position: number,
  first: number,
  mask: number,
  value: number,
): number {
  let at = position;
  if (value < mask) {
    out[at++] = first | value;
    return at;
  }
  out[at++] = first | mask;
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80;
  out[at++] = rest;
  return at;
}

/** RFC 7541 5.2: Latin-1 text, Huffman coded from that many bytes on where it gets shorter by it. */
export function writeString(out: Buffer, position: number, text: string, huffmanFrom: number): number {
  const { length } = text;
  if (length >= huffmanFrom) {
    const encoded = huffmanLength(text);
    if (encoded < length) return writeHuffman(out, writeInteger(out, position, 0x80, 0x7f, encoded), text);
  }
  const at = writeInteger(out, position, 0, 0x7f, length);
  out.latin1Write(text, at, length);
  return at + length;
}

/** Room that a field line can take at most: both strings, their lengths, and what says how they are indexed. */
export function fieldRoom(nameLength: number, valueLength: number): number {
  return nameLength + valueLength + 16;
}

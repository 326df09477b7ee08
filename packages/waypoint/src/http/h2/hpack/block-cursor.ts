/**
 * Reads the primitives of a header block (RFC 7541 5): integers and strings. A string is given back as text; whether it
 * could be a field value was looked at on the way, while its bytes were at hand.
 */
import { ConnectionError, ErrorCode } from "../connection-error.ts";
import { isValidValue } from "./field.ts";
import { decodedRoom, decodeHuffman } from "./huffman-decode.ts";

/** Four more bytes at most: nothing in a block of the sizes that we accept comes near 2^28. */
const integerShiftLimit = 21;

/** Where Huffman strings are decoded to: one for the thread, as large as the longest string so far. */
let scratch: Buffer = Buffer.allocUnsafeSlow(4096);

export class BlockCursor {
  /** Whether the string read last is valid as a field value. */
  isValidValue = true;
  at = 0;
  #bytes: Buffer = scratch;
  #end = 0;

  /** Goes to the beginning of the block bytes[start, end). */
  begin(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  /** The byte that says what comes next; it is not passed. */
  peek(): number {
    return this.#bytes[this.at]!;
  }

  /** RFC 7541 5.1; `mask` covers the bits of the prefix. */
  readInteger(mask: number): number {
    const first = this.#bytes[this.at++]! & mask;
    if (first < mask) return first;
    let value = mask;
    for (let shift = 0; ; shift += 7) {
      if (this.at >= this.#end) throw compressionError("an integer that its block cuts short");
      if (shift > integerShiftLimit) throw compressionError("an integer without measure");
      const byte = this.#bytes[this.at++]!;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** RFC 7541 5.2. `likely`: given back itself where the string is the same; it is known to be a valid value. */
  readString(likely?: string): string {
    if (this.at >= this.#end) throw compressionError("a string that its block cuts short");
    const isHuffman = this.#bytes[this.at]! >= 0x80;
    const length = this.readInteger(0x7f);
    const start = this.at;
    const end = start + length;
    if (end > this.#end) throw compressionError("a string that its block cuts short");
    this.at = end;
    if (isHuffman) return this.#huffman(start, end, likely);
    return this.#text(this.#bytes, start, end, likely);
  }

  #huffman(start: number, end: number, likely: string | undefined): string {
    const room = decodedRoom(end - start);
    if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(2 * room);
    const length = decodeHuffman(this.#bytes, start, end, scratch);
    if (length < 0) throw compressionError("a string that is not Huffman coded");
    return this.#text(scratch, 0, length, likely);
  }

  #text(bytes: Buffer, start: number, end: number, likely: string | undefined): string {
    if (likely !== undefined && likely.length === end - start && isSame(bytes, start, likely)) {
      this.isValidValue = true;
      return likely;
    }
    this.isValidValue = isValidValue(bytes, start, end);
    return bytes.latin1Slice(start, end);
  }
}

function isSame(bytes: Buffer, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

export function compressionError(problem: string): ConnectionError {
  return new ConnectionError(ErrorCode.compressionError, problem);
}

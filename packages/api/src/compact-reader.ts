/**
 * Reads messages whose strings are kept for long: thousands of routes, and their names. protobufjs puts a short string together
 * character by character, and what V8 keeps of that is a rope of up to a dozen objects, ten times as large as the text. Here
 * every string is flat, and one that was read a moment ago ("shop/web", once in every route to it) is the same string again.
 */
import protobuf from "protobufjs/minimal.js";

type Reader = protobuf.Reader;

/** Longer ones are decoded at once by protobufjs, and hardly repeat. */
const longest = 63;
/** What was read lately, by hash: at most 128 kB of text, whatever a peer sends. */
const slots = 2_048;
const recent: string[] = Array.from({ length: slots }, () => "");

class CompactReader extends protobuf.Reader {
  override stringVerify(): string {
    const before = this.pos;
    const length = this.uint32();
    const start = this.pos;
    const end = start + length;
    const hash = length > longest || end > this.len ? -1 : hashAscii(this.buf, start, end);
    if (hash < 0) {
      // Its own checks, and its own errors.
      this.pos = before;
      return super.stringVerify();
    }
    this.pos = end;
    const slot = hash & (slots - 1);
    const known = recent[slot]!;
    if (known.length === length && holds(this.buf, start, known)) return known;
    return (recent[slot] = flatText(this.buf, start, end));
  }
}

export function compactReader(bytes: Uint8Array): Reader {
  return new CompactReader(bytes);
}

/** -1: there is more than ASCII in it. */
function hashAscii(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return -1;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  return (hash ^ (hash >>> 15)) & 0x7fff_ffff;
}

function holds(bytes: Uint8Array, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) !== bytes[start + at]) return false;
  }
  return true;
}

function flatText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).latin1Slice();
}

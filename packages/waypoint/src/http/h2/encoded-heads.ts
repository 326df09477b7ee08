/**
 * Header blocks as they were written last on one connection. The same lines with the same few things around them are the
 * same bytes again, for as long as the encoder's table does not change. Most heads never come again, so bytes are kept
 * from the second time on. Lines are told by their text, never by the object that holds it: codecs use those again.
 */
import { detachText } from "../detach-text.ts";
import type { HeaderBlock } from "../header-block.ts";

const slots = 8;
/** Of all that a head says. Longer ones have something new to say. */
const textLimit = 1024;
const nothing: Buffer = Buffer.alloc(0);

/** One head, or some lines of one, with what it was written with. */
export class EncodedHead {
  text = "";
  dropped: Uint8Array | undefined = undefined;
  /** Of a request: method, authority, path. Of an answer: what is added. */
  first = "";
  second = "";
  third = "";
  /** Of an answer: status and length. */
  status = 0;
  length = 0;
  /** Undefined until it comes again. */
  bytes: Buffer | undefined = undefined;
  /** The encoder's, when the bytes were written. */
  version = -1;
  /** It has come before. */
  isKnown = false;
  /** What the bytes lie in; serves again. */
  #memory: Buffer = nothing;

  /** Writes the bytes of last time; gives back where they end. */
  copyTo(out: Buffer, position: number): number {
    const bytes = this.bytes!;
    out.set(bytes, position);
    return position + bytes.length;
  }

  /** It was written at out[start, end), and the encoder's table is as before. */
  keep(out: Buffer, start: number, end: number, version: number): void {
    if (!this.isKnown) return;
    const length = end - start;
    // Not of Buffer's shared memory: a few bytes would hold on to all of it.
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(length);
    this.bytes = this.#memory.subarray(0, length);
    out.copy(this.bytes, 0, start, end);
    this.version = version;
  }
}

export class EncodedHeads {
  readonly #slots: EncodedHead[] = [];
  #next = 0;
  readonly #lineSlots: EncodedHead[] = [];
  #nextLines = 0;

  /** The slot of a request's head, new or known; undefined where none is kept. */
  ofRequest(
    block: HeaderBlock,
    dropped: Uint8Array,
    method: string,
    authority: string,
    path: string,
  ): EncodedHead | undefined {
    const { text } = block;
    const length = text.length + authority.length + path.length;
    if (length > textLimit || block.neverIndexed !== undefined) return undefined;
    for (const slot of this.#slots) {
      if (slot.text !== text || slot.dropped !== dropped || slot.first !== method) continue;
      if (slot.second !== authority || slot.third !== path) continue;
      slot.isKnown = true;
      return slot;
    }
    const slot = this.#take(text, dropped);
    slot.first = method;
    slot.second = authority;
    slot.third = path;
    return slot;
  }

  /** The slot of an answer's head, new or known; undefined where none is kept. */
  ofResponse(
    block: HeaderBlock,
    dropped: Uint8Array,
    added: string,
    status: number,
    length: number,
  ): EncodedHead | undefined {
    const { text } = block;
    if (text.length + added.length > textLimit || block.neverIndexed !== undefined) return undefined;
    for (const slot of this.#slots) {
      if (slot.text !== text || slot.dropped !== dropped || slot.status !== status) continue;
      if (slot.length !== length || slot.first !== added) continue;
      slot.isKnown = true;
      return slot;
    }
    const slot = this.#take(text, dropped);
    slot.first = added;
    slot.status = status;
    slot.length = length;
    return slot;
  }

  /** The slot of lines that are not all of a head, new or known; undefined where none is kept. */
  ofLines(lines: string): EncodedHead | undefined {
    if (lines.length > textLimit) return undefined;
    for (const slot of this.#lineSlots) {
      if (slot.text !== lines) continue;
      slot.isKnown = true;
      return slot;
    }
    const at = this.#nextLines;
    this.#nextLines = (at + 1) % slots;
    const slot = (this.#lineSlots[at] ??= new EncodedHead());
    begin(slot, detachText(lines));
    return slot;
  }

  #take(text: string, dropped: Uint8Array): EncodedHead {
    let slot = this.#slots[this.#next];
    if (slot === undefined) {
      slot = new EncodedHead();
      this.#slots.push(slot);
    }
    this.#next = (this.#next + 1) % slots;
    begin(slot, text);
    slot.dropped = dropped;
    return slot;
  }
}

function begin(slot: EncodedHead, text: string): void {
  slot.text = text;
  slot.bytes = undefined;
  slot.version = -1;
  slot.isKnown = false;
}

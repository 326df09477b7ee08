/**
 * Heads of messages by the bytes of their header blocks. Peers repeat themselves, and the same bytes mean the same head:
 * for as long as the table does not change where they refer to it, for ever where they say everything themselves (nginx
 * and other simple encoders do, and put the same fields into the table each time: they are put there here too). Such a
 * block need not be decoded, checked and built again. A head that is kept here is shared by streams, and nobody changes it.
 *
 * Blocks are compared where they lie, with the one found last first: making a string of each, to look it up by, took 4 % of a worker under
 * unary gRPC calls.
 */
import { type HpackDecoder, shortBlock } from "./hpack/decoder.ts";
import type { Field } from "./hpack/field.ts";

/** Of a kind. */
const headsKept = 16;
/**
 * Of the text of the heads of a kind, and of one: a block of some bytes may stand for all of the table many times over (D03), and
 * thirty heads that were read from such blocks would be two megabytes for every connection.
 */
const textKept = 8 * 1024;
const textLimit = 2 * 1024;
/** So many misses more than hits, and the connection does without. */
const patience = 64;

interface KnownHead<Head> {
  readonly block: Uint8Array;
  /** Of what it was read as. */
  readonly endStream: boolean;
  readonly head: Head;
  /** What its block puts into the table, where that is all it has to do with it. */
  readonly added: readonly Field[];
}

/** Heads of one kind, a bounded number with a bounded text. */
class KnownHeads<Head> {
  #heads: KnownHead<Head>[] = [];
  /** Characters of all of them. */
  #text = 0;

  get isEmpty(): boolean {
    return this.#heads.length === 0;
  }

  find(bytes: Uint8Array, start: number, end: number, endStream: boolean): KnownHead<Head> | undefined {
    for (const each of this.#heads) if (isOf(each, bytes, start, end, endStream)) return each;
    return undefined;
  }

  hasRoomFor(textLength: number): boolean {
    return this.#heads.length < headsKept && this.#text + textLength <= textKept;
  }

  add(head: KnownHead<Head>, textLength: number): void {
    this.#heads.push(head);
    this.#text += textLength;
  }

  clear(): void {
    this.#heads = [];
    this.#text = 0;
  }
}

export class HeadCache<Head> {
  readonly #decoder: HpackDecoder;
  /** Of blocks that refer to the table as it is in #version. */
  readonly #referring = new KnownHeads<Head>();
  readonly #selfContained = new KnownHeads<Head>();
  #latest: KnownHead<Head> | undefined = undefined;
  #version = -1;
  #balance = patience;

  constructor(decoder: HpackDecoder) {
    this.#decoder = decoder;
  }

  /** A head that is found has done to the table what its block, bytes[start, end), does. */
  find(bytes: Uint8Array, start: number, end: number, endStream: boolean): Head | undefined {
    if (!this.#looksAt(end - start)) return undefined;
    const { table } = this.#decoder;
    if (this.#version !== table.version) this.#forgetReferring(table.version);
    const latest = this.#latest;
    const known =
      latest !== undefined && isOf(latest, bytes, start, end, endStream)
        ? latest
        : (this.#selfContained.find(bytes, start, end, endStream) ??
          this.#referring.find(bytes, start, end, endStream));
    if (known === undefined) {
      this.#balance--;
      return undefined;
    }
    this.#latest = known;
    const { added } = known;
    for (let i = 0; i < added.length; i++) table.add(added[i]!);
    if (this.#balance < patience) this.#balance++;
    return known.head;
  }

  /** Of the block that was decoded last. `textLength`: of all that the head holds. */
  keep(
    bytes: Uint8Array,
    start: number,
    end: number,
    endStream: boolean,
    head: Head,
    textLength: number,
  ): void {
    if (!this.#looksAt(end - start) || textLength > textLimit) return;
    const { isSelfContained, added, table } = this.#decoder;
    if (isSelfContained) {
      // What comes every second (Date) must not stay in the way of the next.
      if (!this.#selfContained.hasRoomFor(textLength)) this.#selfContained.clear();
      const known = { block: copyOf(bytes, start, end), endStream, head, added: [...added] };
      this.#selfContained.add(known, textLength);
    } else if (this.#version === table.version && this.#referring.hasRoomFor(textLength)) {
      this.#referring.add({ block: copyOf(bytes, start, end), endStream, head, added: none }, textLength);
    }
  }

  #looksAt(length: number): boolean {
    return length <= shortBlock && this.#balance > 0;
  }

  #forgetReferring(version: number): void {
    this.#version = version;
    if (this.#referring.isEmpty) return;
    this.#referring.clear();
    this.#latest = undefined;
  }
}

const none: readonly Field[] = [];

function isOf(
  { block, endStream }: KnownHead<unknown>,
  bytes: Uint8Array,
  start: number,
  end: number,
  endsStream: boolean,
): boolean {
  const { length } = block;
  if (length !== end - start || endStream !== endsStream) return false;
  for (let i = 0; i < length; i++) if (block[i] !== bytes[start + i]) return false;
  return true;
}

/** Not of Buffer's shared memory: a few bytes would hold on to all of it. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  copy.set(bytes.subarray(start, end));
  return copy;
}

/**
 * Heads of messages by the bytes of their header blocks. Peers repeat themselves, and the same bytes mean the same head:
 * for as long as the table does not change where they refer to it, for ever where they say everything themselves (nginx
 * and other simple encoders do, and put the same fields into the table each time: they are put there here too). Such a
 * block need not be decoded, checked and built again. A head that is kept here is shared by streams, and nobody changes it.
 *
 * Blocks are compared where they lie, with the one found last first: making a string of each, to look it up by, took 4 % of a worker under
 * unary gRPC calls.
 */
import type { HpackDecoder } from "./hpack/decoder.ts";
import type { Field } from "./hpack/field.ts";

/** Longer blocks have something new to say. */
const blockLimit = 256;
/** Of either kind. */
const headsKept = 16;
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

export class HeadCache<Head> {
  readonly #decoder: HpackDecoder;
  /** Of blocks that refer to the table as it is in #version. */
  #heads: KnownHead<Head>[] = [];
  #selfContained: KnownHead<Head>[] = [];
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
        : (findIn(this.#selfContained, bytes, start, end, endStream) ??
          findIn(this.#heads, bytes, start, end, endStream));
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

  /** Of the block that was decoded last. */
  keep(bytes: Uint8Array, start: number, end: number, endStream: boolean, head: Head): void {
    if (!this.#looksAt(end - start)) return;
    const { isSelfContained, added, table } = this.#decoder;
    if (isSelfContained) {
      // What comes every second (Date) must not stay in the way of the next.
      if (this.#selfContained.length >= headsKept) this.#selfContained = [];
      this.#selfContained.push({ block: copyOf(bytes, start, end), endStream, head, added: [...added] });
    } else if (this.#version === table.version && this.#heads.length < headsKept) {
      this.#heads.push({ block: copyOf(bytes, start, end), endStream, head, added: none });
    }
  }

  #looksAt(length: number): boolean {
    return length <= blockLimit && this.#balance > 0;
  }

  #forgetReferring(version: number): void {
    this.#version = version;
    if (this.#heads.length === 0) return;
    this.#heads = [];
    this.#latest = undefined;
  }
}

const none: readonly Field[] = [];

function findIn<Head>(
  known: readonly KnownHead<Head>[],
  bytes: Uint8Array,
  start: number,
  end: number,
  endStream: boolean,
): KnownHead<Head> | undefined {
  for (const each of known) if (isOf(each, bytes, start, end, endStream)) return each;
  return undefined;
}

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

/**
 * Heads of messages by the bytes of their header blocks. Peers repeat themselves, and the same bytes mean the same head:
 * for as long as the table does not change where they refer to it, for ever where they say everything themselves (nginx
 * and other simple encoders do, and put the same fields into the table each time: they are put there here too). Such a
 * block need not be decoded, checked and built again. A head that is kept here is shared by streams, and nobody changes it.
 */
import type { HpackDecoder } from "./hpack/decoder.ts";
import type { Field } from "./hpack/field.ts";

/** Longer blocks have something new to say. */
const blockLimit = 256;
/** Of either kind. */
const headsKept = 16;
/** So many misses more than hits, and the connection does without. */
const patience = 64;

interface SelfContained<Head> {
  readonly head: Head;
  /** What its block puts into the table. */
  readonly added: readonly Field[];
}

export class HeadCache<Head> {
  readonly #decoder: HpackDecoder;
  /** Of blocks that refer to the table as it is in #version. */
  readonly #heads = new Map<string, Head>();
  readonly #selfContained = new Map<string, SelfContained<Head>>();
  #version = -1;
  #balance = patience;

  constructor(decoder: HpackDecoder) {
    this.#decoder = decoder;
  }

  /** What the block goes by; "" where it is not looked for. `kind`: one character, of what it is to be read as. */
  keyOf(bytes: Buffer, start: number, end: number, kind: string): string {
    if (end - start > blockLimit || this.#balance <= 0) return "";
    return kind + bytes.latin1Slice(start, end);
  }

  /** A head that is found has done to the table what its block does. */
  find(key: string): Head | undefined {
    const { table } = this.#decoder;
    if (this.#version !== table.version) {
      if (this.#heads.size > 0) this.#heads.clear();
      this.#version = table.version;
    }
    const known = this.#selfContained.get(key);
    if (known !== undefined) for (const field of known.added) table.add(field);
    const head = known?.head ?? this.#heads.get(key);
    if (head === undefined) this.#balance--;
    else if (this.#balance < patience) this.#balance++;
    return head;
  }

  /** Of the block that was decoded last. */
  keep(key: string, head: Head): void {
    if (key === "") return;
    const { isSelfContained, added, table } = this.#decoder;
    if (isSelfContained) {
      // What comes every second (Date) must not stay in the way of the next.
      if (this.#selfContained.size >= headsKept) this.#selfContained.clear();
      this.#selfContained.set(key, { head, added: [...added] });
    } else if (this.#version === table.version && this.#heads.size < headsKept) {
      this.#heads.set(key, head);
    }
  }
}

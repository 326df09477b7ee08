/**
 * Heads of messages by the bytes of their header blocks. Peers repeat themselves: once a table holds what they say, the
 * same few bytes mean the same head for as long as the table does not change, and need not be decoded, checked and built
 * again. A head that is kept here is shared by streams, and nobody changes it.
 */
import type { DynamicTable } from "./hpack/dynamic-table.ts";

/** Longer blocks have something new to say. */
const blockLimit = 256;
const headsKept = 16;
/** So many misses more than hits, and the connection does without. */
const patience = 64;

export class HeadCache<Head> {
  readonly #table: DynamicTable;
  readonly #heads = new Map<string, Head>();
  #version = -1;
  #balance = patience;

  constructor(table: DynamicTable) {
    this.#table = table;
  }

  /** What the block goes by; "" where it is not looked for. `kind`: one character, of what it is to be read as. */
  keyOf(bytes: Buffer, start: number, end: number, kind: string): string {
    if (end - start > blockLimit || this.#balance <= 0) return "";
    return kind + bytes.latin1Slice(start, end);
  }

  find(key: string): Head | undefined {
    if (this.#version !== this.#table.version) {
      this.#heads.clear();
      this.#version = this.#table.version;
    }
    const head = this.#heads.get(key);
    if (head === undefined) this.#balance--;
    else if (this.#balance < patience) this.#balance++;
    return head;
  }

  /** Of a block that left the table as it was; else it would mean something else the next time. */
  keep(key: string, head: Head): void {
    if (key === "" || this.#version !== this.#table.version || this.#heads.size >= headsKept) return;
    this.#heads.set(key, head);
  }
}

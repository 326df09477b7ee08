/**
 * HPACK encoding (RFC 7541 6). The dynamic table gets what is likely to come again (remembered-name.ts); everything else
 * goes as literals. Writes to memory that has fieldRoom for each field; gives back where it ended.
 */
import { detachText } from "../../detach-text.ts";
import { EncoderTable } from "./encoder-table.ts";
import { fieldOverhead } from "./field.ts";
import { RememberedName } from "./remembered-name.ts";
import { staticFieldIndex, staticTable } from "./static-table.ts";
import { fieldRoom, writeInteger, writeString } from "./write-primitives.ts";

export { fieldRoom };

/** Names remembered for one connection; more, and longer ones, are written as literals. */
const nameLimit = 128;
const nameCharsLimit = 64;
/** Of remembered values; the table has no room for more than an eighth of that. */
const valueCharsLimit = 32 * 1024;
const staticCount = staticTable.length;
/** Room for table size updates at the start of a block. */
export const blockOverhead = 16;

const statusIndexes: ReadonlyMap<number, number> = new Map(
  [200, 204, 206, 304, 400, 404, 500].map((status) => [status, staticFieldIndex(":status", String(status))]),
);
const methodIndexes: ReadonlyMap<string, number> = new Map([
  ["GET", staticFieldIndex(":method", "GET")],
  ["POST", staticFieldIndex(":method", "POST")],
]);
const schemeHttp = staticFieldIndex(":scheme", "http");

export class HpackEncoder {
  readonly #ownMaxSize: number;
  readonly #huffmanFrom: number;
  readonly #table: EncoderTable;
  readonly #names = new Map<string, RememberedName>();
  #valueChars = 0;
  /** The smallest maximum since the last block, and whether the peer is still to be told (RFC 7541 4.2). */
  #smallest: number;
  #mustSayResize: boolean;

  /** `maxTableSize`: as much of what the peer allows as we use. */
  constructor(maxTableSize: number, huffmanFrom: number) {
    this.#ownMaxSize = maxTableSize;
    this.#huffmanFrom = huffmanFrom;
    this.#table = new EncoderTable(Math.min(maxTableSize, defaultTableSize));
    this.#smallest = this.#table.maxSize;
    // Both sides begin with 4,096 bytes.
    this.#mustSayResize = this.#table.maxSize !== defaultTableSize;
  }

  /** Of the table: fields that were written are the same bytes again as long as it stays. */
  get version(): number {
    return this.#table.version;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  setPeerLimit(limit: number): void {
    const size = Math.min(limit, this.#ownMaxSize);
    if (size === this.#table.maxSize) return;
    this.#table.resize(size);
    this.#smallest = Math.min(this.#smallest, size);
    this.#mustSayResize = true;
  }

  /** Before the first field of each block. */
  begin(out: Buffer, position: number): number {
    if (!this.#mustSayResize) return position;
    this.#mustSayResize = false;
    let at = position;
    const { maxSize } = this.#table;
    if (this.#smallest < maxSize) at = writeInteger(out, at, 0x20, 0x1f, this.#smallest);
    this.#smallest = maxSize;
    return writeInteger(out, at, 0x20, 0x1f, maxSize);
  }

  status(out: Buffer, position: number, status: number): number {
    const index = statusIndexes.get(status);
    if (index !== undefined) {
      out[position] = 0x80 | index;
      return position + 1;
    }
    return this.field(out, position, ":status", String(status), false);
  }

  method(out: Buffer, position: number, method: string): number {
    const index = methodIndexes.get(method);
    if (index === undefined) return this.field(out, position, ":method", method, false);
    out[position] = 0x80 | index;
    return position + 1;
  }

  scheme(out: Buffer, position: number): number {
    out[position] = 0x80 | schemeHttp;
    return position + 1;
  }

  /** `name` is lower-case. `isSensitive`: never indexed, here or further on. */
  field(out: Buffer, position: number, name: string, value: string, isSensitive: boolean): number {
    const known = this.#names.get(name) ?? this.#remember(name);
    if (isSensitive || known.indexing === "never") {
      return this.#literal(out, position, 0x10, 0x0f, known, name, value);
    }
    if (known.indexing === "without") return this.#literal(out, position, 0, 0x0f, known, name, value);
    const number = known.numberOf(value);
    if (number !== 0 && this.#table.has(number)) {
      known.hit();
      return writeInteger(out, position, 0x80, 0x7f, this.#indexOf(number));
    }
    const size = name.length + value.length + fieldOverhead;
    if (!this.#table.hasRoomFor(size) || !known.isWorthATry()) {
      return this.#literal(out, position, 0, 0x0f, known, name, value);
    }
    const at = this.#literal(out, position, 0x40, 0x3f, known, name, value);
    this.#valueChars += known.remember(value, this.#table.add(size));
    if (this.#valueChars > valueCharsLimit) this.#forgetValues();
    return at;
  }

  /** Of all values that it remembers. */
  get rememberedChars(): number {
    return this.#valueChars;
  }

  /** Those that the table has pushed out. */
  #forgetValues(): void {
    this.#valueChars = 0;
    for (const known of this.#names.values())
      this.#valueChars += known.forget((number) => this.#table.has(number));
  }

  /** A name that is not remembered is known for this once, and not indexed. */
  #remember(name: string): RememberedName {
    const isKept = this.#names.size < nameLimit && name.length <= nameCharsLimit;
    const known = new RememberedName(name, isKept);
    if (isKept) this.#names.set(detachText(name), known);
    return known;
  }

  #indexOf(number: number): number {
    return staticCount + 1 + this.#table.distance(number);
  }

  #literal(
    out: Buffer,
    position: number,
    first: number,
    mask: number,
    known: RememberedName,
    name: string,
    value: string,
  ): number {
    let at: number;
    const newest = known.staticIndex > 0 ? 0 : known.newestNumber();
    if (known.staticIndex > 0) {
      at = writeInteger(out, position, first, mask, known.staticIndex);
    } else if (newest !== 0 && this.#table.has(newest)) {
      at = writeInteger(out, position, first, mask, this.#indexOf(newest));
    } else {
      out[position] = first;
      at = writeString(out, position + 1, name, this.#huffmanFrom);
    }
    return writeString(out, at, value, this.#huffmanFrom);
  }
}

/** RFC 9113 6.5.2. */
export const defaultTableSize = 4096;

/**
 * HPACK decoding (RFC 7541 3 and 6): header blocks to fields, one after another as they come. The table of a connection
 * depends on every block, so a block is always decoded to its end, whatever its receiver thinks of its fields.
 */
import { BlockCursor, compressionError } from "./block-cursor.ts";
import { DynamicTable } from "./dynamic-table.ts";
import { Field, fieldWith } from "./field.ts";
import { type FieldName, fieldNameOf } from "./field-name.ts";
import { staticTable } from "./static-table.ts";

export interface FieldSink {
  /** `isNeverIndexed`: it may not get into a table further on either (RFC 7541 6.2.3). */
  onField(field: Field, isNeverIndexed: boolean): void;
}

/** Of bytes. Longer blocks have something new to say. */
export const shortBlock = 256;
const staticCount = staticTable.length;
/** For the thread: a block is decoded at one go. */
const cursor = new BlockCursor();

export class HpackDecoder {
  readonly table: DynamicTable;
  /**
   * The latest block said all it said itself: it means the same wherever it comes, whatever the dynamic table holds. Not asked
   * of longer ones.
   */
  isSelfContained = true;
  /** What the latest block put into the table, where it is self-contained: sixteen thousand fields fit into a long one. */
  readonly added: Field[] = [];
  /** What our SETTINGS allow; the peer's encoder chooses a size up to it. */
  readonly #maxTableSize: number;

  constructor(maxTableSize: number) {
    this.#maxTableSize = maxTableSize;
    this.table = new DynamicTable(maxTableSize);
  }

  /** Throws a ConnectionError (COMPRESSION_ERROR) where bytes[start, end) is no header block. */
  decode(bytes: Buffer, start: number, end: number, sink: FieldSink): void {
    cursor.begin(bytes, start, end);
    let mayResize = true;
    this.isSelfContained = end - start <= shortBlock;
    this.added.length = 0;
    while (!cursor.isAtEnd) {
      const first = cursor.peek();
      if (first >= 0x80) {
        sink.onField(this.#field(cursor.readInteger(0x7f)), false);
      } else if (first >= 0x40) {
        this.#literalIndexed(sink);
      } else if (first >= 0x20) {
        // Only at the beginning of a block (RFC 7541 4.2).
        if (!mayResize) throw compressionError("a table size update after a field");
        this.#resize(cursor.readInteger(0x1f));
        continue;
      } else {
        const name = this.#name(cursor.readInteger(0x0f));
        if (first >= 0x10) sink.onField(new Field(name, cursor.readString(), cursor.isValidValue), true);
        else sink.onField(fieldWith(name, cursor.readString(name.latest?.value), cursor.isValidValue), false);
      }
      mayResize = false;
    }
  }

  #literalIndexed(sink: FieldSink): void {
    const name = this.#name(cursor.readInteger(0x3f));
    const value = cursor.readString(name.latest?.value);
    const field = fieldWith(name, value, cursor.isValidValue);
    this.table.add(field);
    if (this.isSelfContained) this.added.push(field);
    sink.onField(field, false);
  }

  #resize(size: number): void {
    if (size > this.#maxTableSize) throw compressionError("a table size over the one allowed");
    this.isSelfContained = false;
    this.table.resize(size);
  }

  #name(index: number): FieldName {
    return index === 0 ? fieldNameOf(cursor.readString()) : this.#field(index).name;
  }

  #field(index: number): Field {
    const isStatic = index <= staticCount;
    if (!isStatic) this.isSelfContained = false;
    const field = isStatic ? staticTable[index - 1] : this.table.at(index - staticCount - 1);
    if (field === undefined) throw compressionError("an index that no table has");
    return field;
  }
}

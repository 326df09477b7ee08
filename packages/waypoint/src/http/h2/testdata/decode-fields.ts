/** A header block as name and value pairs. */
import type { HpackDecoder } from "../hpack/decoder.ts";

export type FieldPair = readonly [name: string, value: string];

export interface DecodedFields {
  readonly fields: FieldPair[];
  /** Names of those that may not be indexed. */
  readonly neverIndexed: string[];
}

export function decodeFields(decoder: HpackDecoder, bytes: Buffer): DecodedFields {
  const fields: FieldPair[] = [];
  const neverIndexed: string[] = [];
  decoder.decode(bytes, 0, bytes.length, {
    onField({ name, value }, isNeverIndexed) {
      fields.push([name.text, value]);
      if (isNeverIndexed) neverIndexed.push(name.text);
    },
  });
  return { fields, neverIndexed };
}

/** The dynamic table, newest first. */
export function tableOf(decoder: HpackDecoder): FieldPair[] {
  return Array.from({ length: decoder.table.count }, (_, index) => {
    const field = decoder.table.at(index)!;
    return [field.name.text, field.value];
  });
}

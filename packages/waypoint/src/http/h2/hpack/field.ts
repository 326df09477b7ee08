/** A field line as the tables of HPACK keep it (RFC 7541 2.3), ready to be put into a header block. */
import { SP, TAB, valueByte } from "../../h1/byte-classes.ts";
import { type FieldName, fieldNameOf } from "./field-name.ts";

/** What a table entry counts beyond its text (RFC 7541 4.1); header lists count the same (RFC 9113 6.5.2). */
export const fieldOverhead = 32;

export class Field {
  readonly name: FieldName;
  readonly value: string;
  /** "name: value\r\n" */
  readonly line: string;
  readonly size: number;
  /** Why no message may have it; "" for nothing. */
  readonly problem: string;

  constructor(name: FieldName, value: string, isValueValid: boolean) {
    this.name = name;
    this.value = value;
    this.line = `${name.text}: ${value}\r\n`;
    this.size = name.text.length + value.length + fieldOverhead;
    this.problem = isValueValid ? name.problem : name.problem || valueProblem;
  }
}

/** Longer values are not worth holding on to. */
const latestLimit = 64;

/** The field with that value: the name's latest one if it is the same, else a new one. */
export function fieldWith(name: FieldName, value: string, isValueValid: boolean): Field {
  const { latest } = name;
  if (latest !== undefined && latest.value === value) return latest;
  const field = new Field(name, value, isValueValid);
  if (field.problem === "" && value.length <= latestLimit) name.latest = field;
  return field;
}

export const valueProblem = "a field value with a character it cannot have, or white space around it";

/** RFC 9113 8.2.1: no CR, LF, NUL or (stricter) other control character, no white space around it. */
export function isValidValue(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  const first = bytes[start]!;
  const last = bytes[end - 1]!;
  if (first === SP || first === TAB || last === SP || last === TAB) return false;
  for (let i = start; i < end; i++) if (valueByte[bytes[i]!] === 0) return false;
  return true;
}

export function fieldOf(name: string, value: string): Field {
  const bytes = Buffer.from(value, "latin1");
  return new Field(fieldNameOf(name), value, isValidValue(bytes, 0, bytes.length));
}

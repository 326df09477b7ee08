/** One header that the proxy writes itself, ready to go out; checked once, when configuration is compiled. */
import { toByteText } from "../pattern/byte-text.ts";

export interface HeaderLine {
  /** In the case it was written in. */
  readonly name: string;
  readonly lower: string;
  readonly value: string;
  /** "Name: value\r\n" */
  readonly line: string;
}

/** RFC 9110 5.6.2. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** RFC 9110 5.5: no control but the tab; so no CR, LF or NUL can split a message (reference R12). Units of one byte. */
export function isFieldValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) && !/^[\t ]|[\t ]$/.test(text);
}

/** `name` is a token and `value` a field value: the caller has looked. */
export function headerLine(name: string, value: string): HeaderLine {
  return { name, lower: name.toLowerCase(), value, line: `${name}: ${value}\r\n` };
}

/** A line from what a user wrote, or what is wrong with it. */
export function parseHeaderLine(name: string, value: string): HeaderLine | string {
  if (!isToken(name)) return `${JSON.stringify(name)} is not a header name`;
  const bytes = toByteText(value);
  if (!isFieldValue(bytes)) {
    return `the value of ${name} has a control character, or a blank at its start or end`;
  }
  return headerLine(name, bytes);
}

/**
 * A plain, strict reading of an HTTP/1.1 head (RFC 9112 sections 2 to 5), for tests: the judge of what others sent. Written
 * for clarity and apart from the product's codec, so that the two cannot share a mistake.
 */

export type HeaderLine = readonly [name: string, value: string];

export interface Head {
  readonly startLine: string;
  readonly headers: readonly HeaderLine[];
  /** Where the body starts. */
  readonly end: number;
}

export class MessageError extends Error {}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Undefined while the blank line has not come. Throws MessageError for what is no head. */
export function readHead(bytes: Buffer, start = 0): Head | undefined {
  const blank = bytes.indexOf("\r\n\r\n", start, "latin1");
  if (blank < 0) return undefined;
  const [startLine = "", ...lines] = bytes.toString("latin1", start, blank).split("\r\n");
  return { startLine, headers: lines.map(readHeaderLine), end: blank + 4 };
}

export function readHeaderLine(line: string): HeaderLine {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0));
  if (!token.test(name)) throw new MessageError(`not a header line: ${JSON.stringify(line)}`);
  // Only SP and HTAB are white space here: trim() would eat \x85 and \xa0 of a latin1 string.
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "");
  if (!fieldValue.test(value))
    throw new MessageError(`forbidden byte in a header value: ${JSON.stringify(line)}`);
  return [name, value];
}

/** All values of a header, in order. */
export function headerValues(headers: readonly HeaderLine[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([each]) => each.toLowerCase() === wanted).map(([, value]) => value);
}

/**
 * A plain, strict reading of a message body (RFC 9112 sections 6 and 7), for tests. One framing per message: a message that
 * names two, or one twice, is an error and not a choice.
 */
import { type HeaderLine, headerValues, MessageError, readHeaderLine } from "./read-head.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

export interface Body {
  readonly bytes: Buffer;
  readonly trailers: readonly HeaderLine[];
  readonly end: number;
}

/** What the headers say; undefined when they say nothing. */
export function readFraming(headers: readonly HeaderLine[]): Framing | undefined {
  const lengths = headerValues(headers, "content-length");
  const codings = headerValues(headers, "transfer-encoding");
  if (lengths.length + codings.length > 1) throw new MessageError("more than one framing header");
  if (codings[0] !== undefined) {
    if (codings[0].toLowerCase() !== "chunked")
      throw new MessageError(`transfer coding ${JSON.stringify(codings[0])}`);
    return { kind: "chunked" };
  }
  if (lengths[0] === undefined) return undefined;
  if (!/^(0|[1-9][0-9]{0,14})$/.test(lengths[0]))
    throw new MessageError(`content length ${JSON.stringify(lengths[0])}`);
  return { kind: "length", bytes: Number(lengths[0]) };
}

/** Undefined while more bytes are needed. */
export function readBody(bytes: Buffer, start: number, framing: Framing, ended: boolean): Body | undefined {
  switch (framing.kind) {
    case "none":
      return { bytes: Buffer.alloc(0), trailers: [], end: start };
    case "length": {
      const end = start + framing.bytes;
      return end > bytes.length ? undefined : { bytes: bytes.subarray(start, end), trailers: [], end };
    }
    case "until-close":
      return ended ? { bytes: bytes.subarray(start), trailers: [], end: bytes.length } : undefined;
    case "chunked":
      return readChunked(bytes, start);
  }
}

function readChunked(bytes: Buffer, start: number): Body | undefined {
  const pieces: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd < 0) return undefined;
    const line = bytes.toString("latin1", at, lineEnd);
    if (!/^[0-9a-fA-F]{1,16}(;[\t\x20-\x7e\x80-\xff]*)?$/.test(line)) {
      throw new MessageError(`chunk line ${JSON.stringify(line)}`);
    }
    const size = Number.parseInt(line, 16);
    at = lineEnd + 2;
    if (size === 0) return readTrailers(bytes, at, Buffer.concat(pieces));
    if (at + size + 2 > bytes.length) return undefined;
    if (bytes.toString("latin1", at + size, at + size + 2) !== "\r\n")
      throw new MessageError("chunk data without its CRLF");
    pieces.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}

function readTrailers(bytes: Buffer, start: number, body: Buffer): Body | undefined {
  const trailers: HeaderLine[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd < 0) return undefined;
    if (lineEnd === at) return { bytes: body, trailers, end: at + 2 };
    trailers.push(readHeaderLine(bytes.toString("latin1", at, lineEnd)));
    at = lineEnd + 2;
  }
}

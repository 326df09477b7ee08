/**
 * Cuts a manifest file into its YAML documents before any parsing: a line that begins with "---" always begins a document,
 * whatever stands before it. So a broken document never spoils its neighbours, and an edit costs only the documents that it
 * touched. Each text is a copy of its own: values cut from it do not keep the whole file alive.
 */
import { hash } from "node:crypto";

export interface DocumentText {
  /** Fingerprint of the bytes: equal text is not parsed again. */
  readonly digest: string;
  /** The line of the file that the text begins on, from 1. */
  readonly line: number;
  readonly bytes: Buffer;
}

const newline = 0x0a;
const dash = 0x2d;
const pound = 0x23;
const percent = 0x25;

export function splitDocuments(bytes: Buffer): DocumentText[] {
  const documents: DocumentText[] = [];
  let start = hasByteOrderMark(bytes) ? 3 : 0;
  let line = 1;
  for (;;) {
    const end = findSeparator(bytes, start);
    const part = bytes.subarray(start, end);
    documents.push({ digest: hash("sha1", part, "base64"), line, bytes: part });
    if (end >= bytes.length) return documents;
    line += countLines(part);
    start = end;
  }
}

/** Where the next line that begins with "---" begins, or the end. */
function findSeparator(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf("\n---", from); at !== -1; at = bytes.indexOf("\n---", at + 1)) {
    const after = bytes[at + 4];
    if (after === undefined || after === newline || after === 0x0d || after === 0x20 || after === 0x09)
      return at + 1;
  }
  return bytes.length;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** True where there is nothing but blank lines, comments, directives and separators. */
export function isBlankDocument(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(newline, at);
    const stop = end === -1 ? bytes.length : end;
    const first = firstInk(bytes, at, stop);
    const isMarker =
      first === at && bytes[at] === dash && stop - at >= 3 && firstInk(bytes, at + 3, stop) === stop;
    if (first !== stop && bytes[first] !== pound && bytes[at] !== percent && !isMarker) return false;
    at = stop + 1;
  }
  return true;
}

function firstInk(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d)) at++;
  return at;
}

/**
 * Finds and checks the start line and header lines of an HTTP/1.1 message in a byte buffer (RFC 9112 2 to 5), in one pass,
 * whatever pieces it comes in. It is stricter than the RFC wherever that leaves a choice: CRLF alone ends a line, no
 * folding, no white space before the colon, no control characters. What the lines mean is decided by request-head.ts and
 * response-head.ts.
 */
import type { HeaderBlock } from "../header-block.ts";
import { hashMultiplier, hashStart, knownIdOfBytes } from "../known-headers.ts";
import { COLON, CR, LF, SP, TAB, tokenLower, valueByte } from "./byte-classes.ts";

export interface HeadLimits {
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Of the whole start line. */
  readonly startLineBytes: number;
}

export type ScanResult = "more" | "done" | "bad" | "too-large" | "start-line-too-long";

export class HeadScanner {
  /** After "done": where the head ends, its last CRLF included. */
  headEnd = 0;
  /** After "done": where the start line ends, without its CRLF. Offsets of the block count from the head's start. */
  startLineEnd = 0;
  /** After "bad": what is wrong, for logs. */
  problem = "";

  readonly #limits: HeadLimits;
  readonly #block: HeaderBlock;
  /** Where the line begins that was not complete yet, and how far it was looked at; from the head's start. */
  #line = 0;
  #seen = 0;
  #inStartLine = true;

  constructor(limits: HeadLimits, block: HeaderBlock) {
    this.#limits = limits;
    this.#block = block;
  }

  /** Before each new head. */
  reset(): void {
    this.#line = 0;
    this.#seen = 0;
    this.#inStartLine = true;
    this.problem = "";
    this.#block.clear();
  }

  /**
   * Looks at bytes[start, end), the head from its first byte. After "more", call again with the same bytes and more: what
   * was complete is not looked at again, so feeding it byte by byte costs no more than feeding it whole.
   */
  scan(bytes: Uint8Array, start: number, end: number): ScanResult {
    if (this.#seen > this.#line && !this.#lineCompleted(bytes, start, end)) {
      return this.problem !== "" ? "bad" : this.#incomplete(start, end);
    }
    if (this.#inStartLine) {
      const result = this.#scanStartLine(bytes, start, end);
      if (result !== "done") return result;
    }
    return this.#scanHeaderLines(bytes, start, end);
  }

  /** Whether the new bytes end the line that was left open; it is checked in full only then. */
  #lineCompleted(bytes: Uint8Array, start: number, end: number): boolean {
    for (let i = start + this.#seen; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === LF) return true;
      if (bytes[i - 1] === CR && i - 1 >= start + this.#line) return this.#fail("a CR that no LF follows");
      if (byte !== CR && valueByte[byte] === 0) return this.#fail("a control character");
    }
    return false;
  }

  #incomplete(start: number, end: number): ScanResult {
    this.#seen = end - start;
    // A CR at its end is no part of the line.
    if (this.#inStartLine && this.#seen > this.#limits.startLineBytes + 1) return "start-line-too-long";
    return this.#seen > this.#limits.headerBytes ? "too-large" : "more";
  }

  #fail(problem: string): false {
    this.problem = problem;
    return false;
  }

  #bad(problem: string): "bad" {
    this.problem = problem;
    return "bad";
  }

  #scanStartLine(bytes: Uint8Array, start: number, end: number): ScanResult {
    let i = start;
    while (i < end && valueByte[bytes[i]!] === 1) i++;
    if (i === end) return this.#incomplete(start, end);
    if (bytes[i] !== CR)
      return this.#bad(
        bytes[i] === LF ? "a start line ended by a bare LF" : "a control character in the start line",
      );
    if (i + 1 === end) return this.#incomplete(start, end);
    if (bytes[i + 1] !== LF) return this.#bad("a CR that no LF follows");
    if (i - start > this.#limits.startLineBytes) return "start-line-too-long";
    this.startLineEnd = i - start;
    this.#inStartLine = false;
    this.#line = i + 2 - start;
    return "done";
  }

  #scanHeaderLines(bytes: Uint8Array, start: number, end: number): ScanResult {
    const block = this.#block;
    let line = start + this.#line;
    for (;;) {
      let i = line;
      let hash = hashStart;
      let lower: number;
      while (i < end && (lower = tokenLower[bytes[i]!]!) !== 0) {
        hash = (Math.imul(hash, hashMultiplier) + lower) | 0;
        i++;
      }
      if (i === end) break;
      if (bytes[i] !== COLON || i === line) {
        if (bytes[i] === CR && i === line) {
          if (i + 1 === end) break;
          if (bytes[i + 1] !== LF) return this.#bad("a CR that no LF follows");
          this.headEnd = i + 2;
          return i + 2 - start > this.#limits.headerBytes ? "too-large" : "done";
        }
        return this.#bad(nameProblem(bytes[i]!, i === line));
      }
      const nameEnd = i++;
      while (i < end && (bytes[i] === SP || bytes[i] === TAB)) i++;
      const valueStart = i;
      while (i < end && valueByte[bytes[i]!] === 1) i++;
      if (i === end) break;
      if (bytes[i] !== CR)
        return this.#bad(
          bytes[i] === LF ? "a header line ended by a bare LF" : "a control character in a header value",
        );
      if (i + 1 === end) break;
      if (bytes[i + 1] !== LF) return this.#bad("a CR that no LF follows");
      let valueEnd = i;
      while (valueEnd > valueStart && (bytes[valueEnd - 1] === SP || bytes[valueEnd - 1] === TAB)) valueEnd--;
      if (block.count === this.#limits.headerCount) return "too-large";
      const id = knownIdOfBytes(hash, bytes, line, nameEnd);
      block.push(line - start, nameEnd - start, valueStart - start, valueEnd - start, i + 2 - start, id);
      line = i + 2;
    }
    this.#line = line - start;
    return this.#incomplete(start, end);
  }
}

function nameProblem(byte: number, first: boolean): string {
  if (byte === COLON) return "a header line without a name";
  if (byte === SP || byte === TAB)
    return first ? "a folded header line" : "white space in or after a header name";
  if (byte === LF) return "a line ended by a bare LF";
  if (byte === CR) return "a header line without a colon";
  return "a character that header names cannot have";
}

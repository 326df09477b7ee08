/**
 * Takes a chunked body apart (RFC 9112 7.1), piece by piece as it comes. Only the plainest grammar passes: a size of up to
 * 13 hexadecimal digits (2^52 bytes), optional extensions (checked, bounded, dropped), CRLF, exactly that many bytes, CRLF;
 * and at the end a trailer section, scanned like a head.
 */
import { HeaderBlock } from "../header-block.ts";
import { CR, hexDigit, LF } from "./byte-classes.ts";
import { ChunkExtension } from "./chunk-extension.ts";
import { HeadBuffer } from "./head-buffer.ts";
import { HeadScanner } from "./head-scanner.ts";
import { disguisedName } from "./request-head.ts";

export interface ChunkedLimits {
  readonly extensionBytes: number;
  readonly trailerBytes: number;
}

type State =
  /** Before the first digit of a size. */
  | "size"
  /** Among its digits. */
  | "digits"
  /** Within ";...". */
  | "extension"
  /** After the size line's CR. */
  | "size-lf"
  | "bytes"
  | "bytes-cr"
  | "bytes-lf"
  | "trailers"
  | "done"
  | "bad";

/** Kept until it is whole. */
interface TrailerSection {
  readonly bytes: HeadBuffer;
  readonly scanner: HeadScanner;
  readonly block: HeaderBlock;
}

const noTrailers = new HeaderBlock();
/** The scanner reads heads: a trailer section gets the start line that it does not have. */
const startLine = Buffer.from("trailers\r\n", "latin1");

export class ChunkedDecoder {
  problem = "";
  readonly #limits: ChunkedLimits;
  #state: State = "size";
  /** Of the size being read, then of the bytes still to come. */
  #left = 0;
  #digits = 0;
  #extensionBytes = 0;
  #extension: ChunkExtension | undefined;
  #trailer: TrailerSection | undefined;

  constructor(limits: ChunkedLimits) {
    this.#limits = limits;
  }

  get done(): boolean {
    return this.#state === "done";
  }

  get bad(): boolean {
    return this.#state === "bad";
  }

  /** After done: the trailer lines, none of them if there were none. */
  get trailers(): HeaderBlock {
    return this.#trailer?.block ?? noTrailers;
  }

  /**
   * Reads bytes[start, end) and lends each run of body bytes to `onData`, which may answer false to have it stop there.
   * Gives back where it stopped: end; behind the body; behind the run that `onData` wanted to be the last; or, when bad,
   * anywhere.
   */
  decode(bytes: Buffer, start: number, end: number, onData: (run: Buffer) => boolean): number {
    let i = start;
    while (i < end) {
      if (this.#state === "bytes") {
        const run = Math.min(this.#left, end - i);
        this.#left -= run;
        if (this.#left === 0) this.#state = "bytes-cr";
        i += run;
        if (!onData(bytes.subarray(i - run, i))) return i;
      } else if (this.#state === "trailers") {
        return this.#scanTrailers(bytes, i, end);
      } else if (this.#state === "done" || this.#state === "bad") {
        return i;
      } else {
        this.#step(bytes[i++]!);
      }
    }
    return i;
  }

  #step(byte: number): void {
    switch (this.#state) {
      case "size":
      case "digits":
        return this.#stepSize(byte);
      case "extension":
        return this.#stepExtension(byte);
      case "size-lf":
        if (byte !== LF) return this.#fail("no LF after a chunk size");
        this.#state = this.#left === 0 ? "trailers" : "bytes";
        return;
      case "bytes-cr":
        if (byte !== CR) return this.#fail("a chunk is longer than its size");
        this.#state = "bytes-lf";
        return;
      case "bytes-lf":
        if (byte !== LF) return this.#fail("no LF after a chunk");
        this.#state = "size";
        this.#left = 0;
        this.#digits = 0;
        return;
      case "bytes":
      case "trailers":
      case "done":
      case "bad":
        return;
    }
  }

  #stepSize(byte: number): void {
    const digit = hexDigit[byte]!;
    if (digit !== 255) {
      if (++this.#digits > 13) return this.#fail("a chunk size of too many digits");
      this.#left = this.#left * 16 + digit;
      this.#state = "digits";
      return;
    }
    if (this.#state === "size") return this.#fail("a chunk without a size");
    if (byte === CR) this.#state = "size-lf";
    else if (byte === 0x3b) this.#beginExtension();
    else this.#fail("a chunk size that is not hexadecimal");
  }

  #beginExtension(): void {
    this.#state = "extension";
    this.#extension = new ChunkExtension();
  }

  #stepExtension(byte: number): void {
    if (++this.#extensionBytes > this.#limits.extensionBytes)
      return this.#fail("too many bytes of chunk extensions");
    const result = this.#extension!.step(byte);
    if (result === "end") this.#state = "size-lf";
    else if (result === "bad") this.#fail("a malformed chunk extension");
  }

  #scanTrailers(bytes: Buffer, start: number, end: number): number {
    // Nearly every body ends without trailers, in one piece: no scanner is made for that.
    if (this.#trailer === undefined && end - start >= 2 && bytes[start] === CR && bytes[start + 1] === LF) {
      this.#state = "done";
      return start + 2;
    }
    this.#trailer ??= this.#openTrailer();
    const trailer = this.#trailer;
    const before = trailer.bytes.length;
    trailer.bytes.add(bytes, start, Math.min(end, start + this.#limits.trailerBytes + 2));
    const result = trailer.scanner.scan(trailer.bytes.view(), 0, trailer.bytes.length);
    switch (result) {
      case "more":
        return end;
      case "done":
        trailer.block.text = trailer.bytes.view().latin1Slice(0, trailer.scanner.headEnd);
        if (disguisedName(trailer.block) !== "") {
          this.#fail("in the trailers: a name that could be read as its twin with hyphens");
          return end;
        }
        this.#state = "done";
        return start + trailer.scanner.headEnd - before;
      case "bad":
        this.#fail(`in the trailers: ${trailer.scanner.problem}`);
        return end;
      case "too-large":
      case "start-line-too-long":
        this.#fail("too many trailers");
        return end;
    }
  }

  #openTrailer(): TrailerSection {
    const block = new HeaderBlock();
    const limits = { headerBytes: this.#limits.trailerBytes, headerCount: 100, startLineBytes: 16 };
    const bytes = new HeadBuffer();
    bytes.add(startLine, 0, startLine.length);
    return { bytes, scanner: new HeadScanner(limits, block), block };
  }

  #fail(problem: string): void {
    this.#state = "bad";
    this.problem = problem;
  }
}

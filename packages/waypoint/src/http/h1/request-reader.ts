/**
 * The heads of one connection's requests, one after another: the empty line that may stand before one, its lines, and what they
 * mean. Says how far it read; what is to follow, in answers and deadlines, is the connection's.
 */
import type { Limits } from "../../settings.ts";
import { RequestHead } from "../message.ts";
import { CR, LF } from "./byte-classes.ts";
import { HeadScanner } from "./head-scanner.ts";
import { type HeadRefusal, parseRequestHead } from "./request-head.ts";

/** "more": it is not whole. "nothing": an empty line, which is over. "refused": `refusal` says why. */
export type HeadProgress = "more" | "nothing" | "refused" | "whole";

export class RequestReader {
  /** Of the latest request: the same object for all of them. */
  readonly head: RequestHead = new RequestHead();
  /** The first byte of a head has come, and not its last. */
  isWithin = false;
  /** A deadline runs for the head that is under way; for the first one it is that of the connection's opening. */
  isTimed = false;
  /** Where the head, or the empty line, ended. */
  end = 0;
  /** The request asks for its connection to close. */
  closes = false;
  refusal: HeadRefusal | undefined = undefined;
  readonly #targetLimit: number;
  readonly #scanner: HeadScanner;
  #isFirst = true;
  #mayHaveEmptyLine = false;

  constructor({ headerBytes, headerCount, targetBytes }: Limits) {
    this.#targetLimit = targetBytes;
    // The target's own limit is exact (414); that of the line bounds what surrounds it.
    const limits = { headerBytes, headerCount, startLineBytes: targetBytes + 128 };
    this.#scanner = new HeadScanner(limits, this.head.headers);
  }

  /** bytes[start, end): all of the head that there is, from its first byte on. */
  read(bytes: Buffer, start: number, end: number): HeadProgress {
    if (!this.isWithin) {
      // One empty line after a request is ignored (RFC 9112 2.2): old clients end their bodies with one.
      if (bytes[start] === CR && this.#mayHaveEmptyLine) {
        if (start + 1 === end) return "more";
        this.#mayHaveEmptyLine = false;
        if (bytes[start + 1] === LF) {
          this.end = start + 2;
          return "nothing";
        }
      }
      this.isWithin = true;
      this.isTimed = this.#isFirst;
      this.#scanner.reset();
    }
    switch (this.#scanner.scan(bytes, start, end)) {
      case "more":
        return "more";
      case "done":
        return this.#parse(bytes, start);
      case "bad":
        return this.#refuse({ kind: "bad-request", problem: this.#scanner.problem });
      case "too-large":
        return this.#refuse({ kind: "headers-too-large", problem: "over the limit" });
      case "start-line-too-long":
        return this.#refuse({ kind: "target-too-long", problem: "over the limit" });
    }
  }

  /** It was not read to its end, and nothing of the request before may show in the refusal of this one. */
  #refuse(refusal: HeadRefusal): "refused" {
    this.head.clear();
    this.refusal = refusal;
    return "refused";
  }

  #parse(bytes: Buffer, start: number): "refused" | "whole" {
    const scanner = this.#scanner;
    this.head.headers.text = bytes.latin1Slice(start, scanner.headEnd);
    const lineEnd = start + scanner.startLineEnd;
    const parsed = parseRequestHead(bytes, start, lineEnd, this.head, this.#targetLimit);
    if ("kind" in parsed) {
      this.refusal = parsed;
      return "refused";
    }
    this.#mayHaveEmptyLine = true;
    this.#isFirst = false;
    this.isWithin = false;
    this.closes = parsed.close;
    this.end = scanner.headEnd;
    return "whole";
  }
}

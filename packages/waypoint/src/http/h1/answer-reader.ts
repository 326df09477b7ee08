/**
 * The heads of one connection's answers, one after another, as far as the one that its request is answered with. Says how far
 * it read; what becomes of a connection that leaves a doubt is the connection's.
 */
import type { Limits } from "../../settings.ts";
import { ResponseHead } from "../message.ts";
import { HeadScanner } from "./head-scanner.ts";
import { type ParsedResponse, parseResponseHead } from "./response-head.ts";

/** "more": it is not whole. "informational": a 1xx, others follow. "refused": `problem` says why. */
export type AnswerProgress = "more" | "informational" | "refused" | "whole";

/** 1xx answers before the final one: a server that sends more is not waited for. */
const informationalLimit = 16;

export class AnswerReader {
  /** Of the latest answer: the same object for all of them. */
  readonly head: ResponseHead = new ResponseHead();
  /** Where it ended. */
  end = 0;
  /** How the body of a whole one ends. */
  parsed: ParsedResponse | undefined = undefined;
  problem = "";
  readonly #scanner: HeadScanner;
  #method = "";
  #upgrade = "";
  #informational = 0;
  #isWithin = false;

  constructor({ headerBytes, headerCount }: Limits) {
    this.#scanner = new HeadScanner({ headerBytes, headerCount, startLineBytes: 1024 }, this.head.headers);
  }

  /** To whose request the next answer is. `upgrade`: the protocol that it asks for; "" for none. */
  begin(method: string, upgrade: string): void {
    this.#method = method;
    this.#upgrade = upgrade;
    this.#informational = 0;
    this.#isWithin = false;
  }

  /** bytes[start, end): all of the head that there is, from its first byte on. */
  read(bytes: Buffer, start: number, end: number): AnswerProgress {
    if (!this.#isWithin) {
      this.#isWithin = true;
      this.#scanner.reset();
    }
    const result = this.#scanner.scan(bytes, start, end);
    if (result === "more") return "more";
    if (result === "done") return this.#parse(bytes, start);
    return this.#refuse(result === "bad" ? this.#scanner.problem : "the header is too large");
  }

  #parse(bytes: Buffer, start: number): AnswerProgress {
    const { head } = this;
    const { headEnd, startLineEnd } = this.#scanner;
    head.headers.text = bytes.latin1Slice(start, headEnd);
    const parsed = parseResponseHead(bytes, start, start + startLineEnd, head, this.#method);
    if (typeof parsed === "string") return this.#refuse(parsed);
    this.#isWithin = false;
    this.end = headEnd;
    this.parsed = parsed;
    if (head.status >= 200) return "whole";
    if (head.status === 101)
      return this.#isUpgradeAskedFor() ? "whole" : this.#refuse("101 to an upgrade that was not asked for");
    return ++this.#informational > informationalLimit
      ? this.#refuse("too many 1xx answers")
      : "informational";
  }

  #isUpgradeAskedFor(): boolean {
    const values = this.head.headers.values("upgrade");
    return this.#upgrade !== "" && values.length === 1 && values[0]!.toLowerCase() === this.#upgrade;
  }

  #refuse(problem: string): "refused" {
    this.problem = problem;
    return "refused";
  }
}

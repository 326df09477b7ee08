/**
 * Works through what an endpoint's connection reads: by its state they are an answer's head, its body, or a tunnel's bytes. What
 * they mean to an exchange is the connection's; a head that is not whole yet is kept here.
 */
import type { Limits } from "../../settings.ts";
import type { HeaderBlock } from "../header-block.ts";
import type { ResponseHead } from "../message.ts";
import { AnswerBodyReader } from "./answer-body-reader.ts";
import { AnswerReader } from "./answer-reader.ts";
import { HeadBuffer } from "./head-buffer.ts";
import { copyLimit } from "./message-writer.ts";
import type { BodyTarget } from "./request-body-reader.ts";
import type { ParsedResponse } from "./response-head.ts";

/** How far an endpoint's connection is (client-connection.ts). */
export type ClientState = "connecting" | "idle" | "head" | "body" | "tunnel" | "closed";

export interface AnswerTarget extends BodyTarget {
  /** An exchange waits for the answer, or for the rest of it. */
  readonly isAwaited: boolean;
  onInformational(head: ResponseHead): void;
  /** It is whole. Sets the state to what follows it. */
  onHead(head: ResponseHead, parsed: ParsedResponse): void;
  /** The answer is, at `end` of what is being read. */
  onAnswerEnd(trailers: HeaderBlock | undefined, end: number): void;
  /** No answer can be made of it. */
  onAnswerBroken(problem: string): void;
  onTunnelBytes(bytes: Buffer): void;
  /** They are behind the answer. */
  onUnasked(): void;
}

export class AnswerIntake {
  state: ClientState = "connecting";
  /** Of the bytes that are being worked through. */
  end = 0;
  /** Some have come since `begin`. */
  hasBegun = false;
  readonly #answers: AnswerReader;
  readonly #body: AnswerBodyReader;
  readonly #waiting = new HeadBuffer();
  readonly #target: AnswerTarget;

  constructor(limits: Limits, target: AnswerTarget) {
    this.#answers = new AnswerReader(limits);
    this.#body = new AnswerBodyReader(limits);
    this.#target = target;
  }

  /** To whose request the next answer is. `upgrade`: the protocol that it asks for; "" for none. */
  begin(method: string, upgrade: string): void {
    this.#answers.begin(method, upgrade);
  }

  /** Only the connection's end is the body's. */
  get isUntilClose(): boolean {
    return this.#body.isUntilClose;
  }

  /** bytes[0, length) of one read; `isShared`: it is read into again at once. */
  read(bytes: Buffer, length: number, isShared: boolean): void {
    if (this.#waiting.length > 0) {
      // Only a head waits. What was kept of it is looked at where it lies, not moved for every piece that comes.
      this.#waiting.add(bytes, 0, length);
      this.#consume(this.#waiting.view(), this.#waiting.length, true);
    } else if (length > copyLimit && isShared) {
      this.#consume(Buffer.from(bytes.subarray(0, length)), length);
    } else {
      this.#consume(bytes, length);
    }
  }

  /** Works through bytes[0, end). `waiting`: they are those of #waiting, which is emptied once a head is whole. */
  #consume(bytes: Buffer, end: number, waiting = false): void {
    const target = this.#target;
    let start = 0;
    let owned = waiting;
    this.end = end;
    while (start < end && target.isAwaited) {
      if (this.state === "head") {
        const next = this.#consumeHead(bytes, start, end);
        if (next < 0) {
          if (target.isAwaited && !owned) this.#waiting.add(bytes, start, end);
          return;
        }
        if (owned) this.#waiting.take();
        owned = false;
        start = next;
      } else if (this.state === "body") {
        start = this.#consumeBody(bytes, start, end);
      } else {
        target.onTunnelBytes(bytes.subarray(start, end));
        return;
      }
    }
    if (start < end) target.onUnasked();
  }

  /** Gives back where the head ends, or -1 when it is not whole. */
  #consumeHead(bytes: Buffer, start: number, end: number): number {
    this.hasBegun = true;
    const answers = this.#answers;
    switch (answers.read(bytes, start, end)) {
      case "more":
        return -1;
      case "informational":
        this.#target.onInformational(answers.head);
        return answers.end;
      case "refused":
        this.#target.onAnswerBroken(answers.problem);
        return -1;
      case "whole":
        this.#begin(answers.head, answers.parsed!);
        return answers.end;
    }
  }

  #begin(head: ResponseHead, parsed: ParsedResponse): void {
    if (head.status !== 101) this.#body.begin(parsed.framing, head.bodyLength);
    this.#target.onHead(head, parsed);
    if (head.status !== 101 && parsed.framing === "none")
      this.#target.onAnswerEnd(undefined, this.#answers.end);
  }

  #consumeBody(bytes: Buffer, start: number, end: number): number {
    const body = this.#body;
    const target = this.#target;
    const next = body.read(bytes, start, end, target);
    // The exchange may have been given up meanwhile.
    if (!target.isAwaited) return next;
    if (body.problem !== "") {
      target.onAnswerBroken(body.problem);
      return end;
    }
    if (body.isDone) target.onAnswerEnd(body.takeTrailers(), next);
    return next;
  }
}

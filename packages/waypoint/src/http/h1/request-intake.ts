/**
 * Works through what a client's connection reads: by its state they are a head's bytes, a body's, those of a request whose turn
 * has not come (pipelining), a tunnel's, or nobody's. What they mean to an exchange is the connection's; what is not used up yet is
 * kept here.
 */
import type { Socket } from "node:net";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { Limits } from "../../settings.ts";
import type { HeldBytes } from "../held-bytes.ts";
import type { HeaderBlock } from "../header-block.ts";
import { HeadBuffer } from "./head-buffer.ts";
import { copyLimit } from "./message-writer.ts";
import type { BodyTarget, RequestBodyReader } from "./request-body-reader.ts";
import { RequestReader } from "./request-reader.ts";
import type { ServerState } from "./server-state.ts";
import type { ServerTimes } from "./server-times.ts";

/** Pipelined bytes kept while an answer is under way; more wait in the kernel. */
const pipelineBytes = 64 * 1024;

export interface IntakeTarget extends BodyTarget {
  /** A head is whole. Sets the state to what follows it, and `body` where that is one. */
  onHead(): void;
  /** No request can be made of it. */
  onHeadRefused(kind: ProxyErrorKind, problem: string): void;
  onBodyBroken(problem: string): void;
  onBodyEnd(trailers: HeaderBlock | undefined): void;
  onTunnelBytes(bytes: Buffer): void;
  /** After the last answer. */
  onThrownAway(length: number): void;
}

export interface IntakeOptions {
  readonly socket: Socket;
  readonly limits: Limits;
  readonly held: HeldBytes;
}

export class RequestIntake {
  state: ServerState = "head";
  readonly requests: RequestReader;
  /** Of the request that is read, in the state "body". */
  body: RequestBodyReader | undefined = undefined;
  /** It is at work: what is asked for meanwhile comes in its turn. */
  isBusy = false;
  readonly #socket: Socket;
  readonly #held: HeldBytes;
  readonly #times: ServerTimes;
  readonly #target: IntakeTarget;
  readonly #waiting: HeadBuffer;

  constructor({ socket, limits, held }: IntakeOptions, times: ServerTimes, target: IntakeTarget) {
    this.#socket = socket;
    this.#held = held;
    this.#times = times;
    this.#target = target;
    this.requests = new RequestReader(limits);
    this.#waiting = new HeadBuffer(held);
  }

  /** bytes[0, length) of one read; `isShared`: it is read into again at once. */
  read(bytes: Buffer, length: number, isShared: boolean): void {
    if (this.#waiting.length > 0) {
      this.#waiting.add(bytes, 0, length);
      if (this.state === "answering") this.#boundPipeline();
      else this.consumeWaiting();
    } else if (length > copyLimit && isShared) {
      // Large runs may end in a socket's queue.
      const copy = Buffer.from(bytes.subarray(0, length));
      this.#consume(copy, length);
    } else {
      this.#consume(bytes, length);
    }
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** What waited is somebody else's now, or nobody's. */
  takeWaiting(): Buffer {
    return this.#waiting.take();
  }

  consumeWaiting(): void {
    if (this.state === "head") {
      this.#consume(this.#waiting.view(), this.#waiting.length, true);
    } else {
      const bytes = this.#waiting.take();
      this.#consume(bytes, bytes.length);
    }
  }

  /** Works through bytes[0, end). `waiting`: they are those of #waiting, which is emptied as far as they are used. */
  #consume(bytes: Buffer, end: number, waiting = false): void {
    if (this.isBusy) {
      this.#waiting.add(bytes, 0, end);
      return;
    }
    this.isBusy = true;
    let start = 0;
    let owned = waiting;
    while (start < end) {
      if (this.state === "head") {
        const next = this.#consumeHead(bytes, start, end);
        if (next < 0) {
          if (!owned) this.#waiting.add(bytes, start, end);
          this.#boundHeld();
          break;
        }
        if (owned && this.#waiting.length > 0) this.#waiting.take();
        owned = false;
        start = next;
      } else if (this.state === "body") {
        start = this.#consumeBody(bytes, start, end);
      } else if (this.state === "answering") {
        this.#waiting.add(bytes, start, end);
        this.#boundPipeline();
        break;
      } else {
        if (this.state === "tunnel") this.#target.onTunnelBytes(bytes.subarray(start, end));
        else this.#target.onThrownAway(end - start);
        break;
      }
    }
    this.isBusy = false;
  }

  /** A client that pipelines more than we keep is read from again when its turn comes. */
  #boundPipeline(): void {
    if (this.#waiting.length >= pipelineBytes || this.#held.isOver) this.#socket.pause();
  }

  /** Too many heads that are not whole, on all connections together: whoever adds to his goes. */
  #boundHeld(): void {
    if (this.state !== "head" || !this.#held.isOver) return;
    this.requests.head.clear();
    this.#target.onHeadRefused("overloaded", "too many heads that are not whole");
  }

  /** Gives back where the head ends, or -1 when it is not whole. */
  #consumeHead(bytes: Buffer, start: number, end: number): number {
    const { requests } = this;
    switch (requests.read(bytes, start, end)) {
      case "more":
        // From the first byte on, however many pieces follow. A head that comes whole needs no deadline.
        if (requests.isWithin && !requests.isTimed) {
          requests.isTimed = true;
          this.#times.head();
        }
        return -1;
      case "nothing":
        return requests.end;
      case "refused": {
        const { kind, problem } = requests.refusal!;
        this.#target.onHeadRefused(kind, problem);
        return end;
      }
      case "whole":
        this.#target.onHead();
        return this.#isOver() ? end : requests.end;
    }
  }

  #isOver(): boolean {
    return this.state === "closing" || this.state === "closed";
  }

  #consumeBody(bytes: Buffer, start: number, end: number): number {
    const target = this.#target;
    this.#times.onBodyMoved(end - start);
    const body = this.body!;
    const next = body.read(bytes, start, end, target);
    // The answer may have ended the connection meanwhile.
    if (this.state !== "body") return next;
    if (body.problem !== "") {
      target.onBodyBroken(body.problem);
      return end;
    }
    if (body.isDone) {
      this.state = "answering";
      this.body = undefined;
      target.onBodyEnd(body.trailers);
    }
    return next;
  }
}

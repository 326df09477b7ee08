/**
 * What both sides' streams have in common (RFC 9113 5.1): which halves have ended, how much may still come and go
 * (receive-flow.ts and send-flow.ts keep those accounts), and what waits to be sent. The tables of a connection hold open
 * and half-closed streams alone: one that is not there is idle or closed.
 */
import type { Taken } from "../stream.ts";
import { unknownLength } from "../message.ts";
import type { HeaderBlock } from "../header-block.ts";
import type { ErrorCode } from "./connection-error.ts";
import type { SendQueue } from "./send-queue.ts";

export abstract class Http2Stream {
  /** 0 until a request of ours is sent. */
  id: number;
  /** It has left its connection: nothing of it goes out or comes in any more. */
  isClosed = false;
  hasRemoteEnded = false;
  hasLocalEnded = false;
  /** It hears of the end of the read under way (touched-streams.ts). */
  isTouched = false;

  // ---- receive-flow.ts
  /** What the peer may still send. */
  receiveLeft: number;
  /** Received, and not given back to the stream's window yet. */
  unacknowledged = 0;
  /** Received while paused: not given back to the connection's window either. */
  withheld = 0;
  isPaused = false;
  /** What the peer's Content-Length says is still to come; unknownLength for no such line. */
  declaredLeft: number = unknownLength;

  // ---- send-flow.ts
  sendWindow: number;
  queue: SendQueue | undefined = undefined;
  /** What is sent once the queue is: "" for a bare end, else the lines of a trailer section; undefined: more comes. */
  pendingEnd: string | undefined = undefined;
  /** It was told "full". */
  awaitsRoom = false;
  isWaiting = false;
  /** Where the flags of its latest frame are, as long as that can be amended. */
  flagsAt = 0;
  flagsGeneration = -1;

  constructor(id: number, receiveWindow: number, sendWindow: number) {
    this.id = id;
    this.receiveLeft = receiveWindow;
    this.sendWindow = sendWindow;
  }

  /** A piece of the peer's body, lent. */
  abstract onBody(bytes: Buffer): Taken;
  /** End of a read that brought something for it. */
  abstract onFlush(): void;
  /** The peer has said all. */
  abstract onRemoteEnd(trailers: HeaderBlock | undefined): void;
  /** The peer gave the stream up, which is out of its connection by now. */
  abstract onPeerReset(code: number): void;
  /** We gave it up over something the peer did; it is out of its connection by now. */
  abstract onStreamError(code: ErrorCode, problem: string): void;
  /** Our last frame is written (and the connection is asked to let it go). */
  abstract onLocalEnd(): void;
  /** After "full": there is room again. */
  abstract onRoom(): void;
  /** So much of the peer's body has come. */
  abstract onReceived(length: number): void;
  /** So much of what had to wait has gone. */
  abstract onSent(length: number): void;
}

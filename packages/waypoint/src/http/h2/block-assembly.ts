/**
 * A header block that comes in more frames than one (RFC 9113 4.3, 6.2, 6.10), kept up to a limit (reference D02), and up to
 * another of all connections together.
 */
import { HeadBuffer } from "../h1/head-buffer.ts";
import type { HeldBytes } from "../held-bytes.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";

export class BlockAssembly {
  streamId = 0;
  endStream = false;
  readonly #limitBytes: number;
  readonly #held: HeldBytes;
  readonly #bytes: HeadBuffer;

  constructor(limitBytes: number, held: HeldBytes) {
    this.#limitBytes = limitBytes;
    this.#held = held;
    this.#bytes = new HeadBuffer(held);
  }

  begin(streamId: number, endStream: boolean): void {
    this.streamId = streamId;
    this.endStream = endStream;
  }

  add(bytes: Buffer, start: number, end: number): void {
    if (this.#bytes.length + end - start > this.#limitBytes) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "a header block without end");
    }
    this.#bytes.add(bytes, start, end);
    if (this.#held.isOver) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "too many header blocks are not whole");
    }
  }

  /** Its rest will not come. */
  drop(): void {
    this.#bytes.take();
  }

  /** The whole block; it is not kept. */
  take(): Buffer {
    return this.#bytes.take();
  }
}

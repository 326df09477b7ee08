/** Takes one request's body off the bytes of its connection, by length or by chunks. */
import type { HeaderBlock } from "../header-block.ts";
import { unknownLength } from "../message.ts";
import type { Limits } from "../../settings.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";

export interface BodyTarget {
  /** Lent for the call. False: read no further. */
  onBodyRun(run: Buffer): boolean;
}

export class RequestBodyReader {
  readonly #decoder: ChunkedDecoder | undefined;
  #left: number;

  /** `length`: as RequestHead.bodyLength, and not 0. */
  constructor(length: number, limits: Limits) {
    this.#left = length;
    this.#decoder =
      length === unknownLength
        ? new ChunkedDecoder({
            extensionBytes: limits.chunkExtensionBytes,
            trailerBytes: limits.trailerBytes,
          })
        : undefined;
  }

  /** The body is whole. */
  get isDone(): boolean {
    return this.#decoder === undefined ? this.#left === 0 : this.#decoder.done;
  }

  /** What is wrong with its chunks; "" where nothing is. */
  get problem(): string {
    return this.#decoder === undefined ? "" : this.#decoder.problem;
  }

  /** Once it is done; undefined for none. */
  get trailers(): HeaderBlock | undefined {
    const trailers = this.#decoder?.trailers;
    return trailers !== undefined && trailers.count > 0 ? trailers : undefined;
  }

  /** Reads bytes[start, end) and gives back where it stopped: end, or behind the body, or where the target had enough. */
  read(bytes: Buffer, start: number, end: number, target: BodyTarget): number {
    if (this.#decoder !== undefined) {
      return this.#decoder.decode(bytes, start, end, (run) => target.onBodyRun(run));
    }
    const stop = Math.min(end, start + this.#left);
    this.#left -= stop - start;
    target.onBodyRun(bytes.subarray(start, stop));
    return stop;
  }
}

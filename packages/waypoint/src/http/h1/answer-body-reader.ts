/** Takes the bodies of one connection's answers off its bytes, one after another: by length, by chunks, or all there is. */
import type { Limits } from "../../settings.ts";
import type { HeaderBlock } from "../header-block.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import type { BodyTarget } from "./request-body-reader.ts";
import type { ResponseFraming } from "./response-head.ts";

export class AnswerBodyReader {
  readonly #limits: Limits;
  #framing: ResponseFraming = "none";
  #left = 0;
  #decoder: ChunkedDecoder | undefined = undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `length` matters for "length" alone. */
  begin(framing: ResponseFraming, length: number): void {
    this.#framing = framing;
    this.#left = framing === "length" ? length : 0;
    if (framing !== "chunked") return;
    const { chunkExtensionBytes, trailerBytes } = this.#limits;
    this.#decoder = new ChunkedDecoder({ extensionBytes: chunkExtensionBytes, trailerBytes });
  }

  /** Only the connection's end will tell. */
  get isUntilClose(): boolean {
    return this.#framing === "until-close";
  }

  /** The body is whole, of those whose bytes say so. */
  get isDone(): boolean {
    if (this.#framing === "chunked") return this.#decoder!.done;
    return this.#left === 0 && !this.isUntilClose;
  }

  /** What is wrong with its chunks; "" where nothing is. */
  get problem(): string {
    return this.#framing === "chunked" && this.#decoder!.bad ? this.#decoder!.problem : "";
  }

  /** Once it is done; undefined for none. Its memory is given back. */
  takeTrailers(): HeaderBlock | undefined {
    const trailers = this.#decoder?.trailers;
    this.#decoder = undefined;
    return trailers !== undefined && trailers.count > 0 ? trailers : undefined;
  }

  /** Reads bytes[start, end) and gives back where it stopped: end, or behind the body, or where the target had enough. */
  read(bytes: Buffer, start: number, end: number, target: BodyTarget): number {
    switch (this.#framing) {
      case "none":
        return start;
      case "until-close":
        target.onBodyRun(bytes.subarray(start, end));
        return end;
      case "length": {
        const stop = Math.min(end, start + this.#left);
        this.#left -= stop - start;
        target.onBodyRun(bytes.subarray(start, stop));
        return stop;
      }
      case "chunked":
        return this.#decoder!.decode(bytes, start, end, (run) => target.onBodyRun(run));
    }
  }
}

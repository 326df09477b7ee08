/** What an endpoint's header blocks mean: heads of answers and trailers, known ones without decoding them again. */
import { HeaderBlock } from "../header-block.ts";
import { ResponseHead } from "../message.ts";
import { HeadCache } from "./head-cache.ts";
import type { HpackDecoder } from "./hpack/decoder.ts";
import type { Http2Context } from "./http2-context.ts";
import { parseResponseFields } from "./response-fields.ts";

export class AnswerReader {
  /** What is wrong with the head, or the trailers, that were read last; "" for nothing. */
  problem = "";
  readonly #context: Http2Context;
  readonly #decoder: HpackDecoder;
  readonly #heads: HeadCache<ResponseHead>;
  readonly #trailers: HeadCache<HeaderBlock>;

  constructor(context: Http2Context, decoder: HpackDecoder) {
    this.#context = context;
    this.#decoder = decoder;
    this.#heads = new HeadCache(decoder);
    this.#trailers = new HeadCache(decoder);
  }

  /** `method`: of its request. Nobody changes it: the next stream may have the same. */
  head(method: string, endStream: boolean, bytes: Buffer, start: number, end: number): ResponseHead {
    this.problem = "";
    // What the same bytes mean after HEAD is another matter.
    const isUsual = method !== "HEAD";
    const known = isUsual ? this.#heads.find(bytes, start, end, endStream) : undefined;
    if (known !== undefined) return known;
    const { section } = this.#context;
    const head = new ResponseHead();
    section.read(this.#decoder, bytes, start, end, head.headers);
    this.problem = parseResponseFields(section, endStream, head, method);
    if (isUsual && this.problem === "")
      this.#heads.keep(bytes, start, end, endStream, head, head.headers.text.length);
    return head;
  }

  trailers(endStream: boolean, bytes: Buffer, start: number, end: number): HeaderBlock {
    this.problem = "";
    const known = this.#trailers.find(bytes, start, end, endStream);
    if (known !== undefined) return known;
    const trailers = this.#read(bytes, start, end);
    const { section } = this.#context;
    if (section.problem !== "") this.problem = section.problem;
    else if (section.hasPseudo) this.problem = "a pseudo-header in trailers";
    else if (section.isTooLarge) this.problem = "trailers too large";
    else this.#trailers.keep(bytes, start, end, endStream, trailers, trailers.text.length);
    return trailers;
  }

  /** Of a stream that we have given up: decoded for the sake of the table alone. */
  skip(bytes: Buffer, start: number, end: number): void {
    this.#read(bytes, start, end);
  }

  #read(bytes: Buffer, start: number, end: number): HeaderBlock {
    const headers = new HeaderBlock();
    this.#context.section.read(this.#decoder, bytes, start, end, headers);
    return headers;
  }
}

/** What a client's header blocks mean: heads of requests, known ones without decoding them again, and trailers. */
import { disguisedName } from "../h1/request-head.ts";
import { HeaderBlock } from "../header-block.ts";
import { RequestHead } from "../message.ts";
import { addWebSocketKey } from "./extended-connect.ts";
import { HeadCache } from "./head-cache.ts";
import type { HpackDecoder } from "./hpack/decoder.ts";
import type { Http2Context } from "./http2-context.ts";
import { parseRequestFields, type RequestRefusal } from "./request-fields.ts";

export class RequestReader {
  /** Of the head that was read last; undefined: there is nothing to refuse. */
  refusal: RequestRefusal | undefined = undefined;
  readonly #context: Http2Context;
  readonly #decoder: HpackDecoder;
  readonly #known: HeadCache<RequestHead>;

  constructor(context: Http2Context, decoder: HpackDecoder) {
    this.#context = context;
    this.#decoder = decoder;
    this.#known = new HeadCache(decoder);
  }

  /** Nobody changes it: the next stream may have the same. */
  head(endStream: boolean, bytes: Buffer, start: number, end: number): RequestHead {
    this.refusal = undefined;
    const known = this.#known.find(bytes, start, end, endStream);
    if (known !== undefined) return known;
    const { section, limits, rng } = this.#context;
    const head = new RequestHead();
    section.read(this.#decoder, bytes, start, end, head.headers);
    this.refusal = parseRequestFields(section, endStream, head, limits.targetBytes);
    // Each tunnel has a key of its own.
    if (head.upgrade !== "") addWebSocketKey(head.headers, rng);
    else if (this.refusal === undefined)
      this.#known.keep(bytes, start, end, endStream, head, head.headers.text.length + head.target.length);
    return head;
  }

  /** Also of a stream that nobody looks at any more: both sides' tables stay in step. */
  trailers(bytes: Buffer, start: number, end: number): HeaderBlock {
    const trailers = new HeaderBlock();
    this.#context.section.read(this.#decoder, bytes, start, end, trailers);
    return trailers;
  }

  /** What is wrong with the trailers that were read last (RFC 9113 8.1); "" for nothing. */
  trailersProblem(trailers: HeaderBlock): string {
    const { section } = this.#context;
    if (section.hasPseudo) return "a pseudo-header in trailers";
    if (section.problem !== "") return section.problem;
    // As in HTTP/1.1 (http/h1/chunked-decoder.ts): an endpoint may merge trailers into the headers.
    return disguisedName(trailers) === "" ? "" : "a trailer that could be read as its twin with hyphens";
  }

  get areTrailersTooLarge(): boolean {
    return this.#context.section.isTooLarge;
  }
}

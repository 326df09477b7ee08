/**
 * The heads of messages, the same for every protocol version: what the codecs produce and the proxy decides on. A head
 * belongs to its connection and is used again for the next message there: nobody keeps it past the end of the exchange.
 */
import { HeaderBlock } from "./header-block.ts";

export type HttpVersion = "HTTP/1.0" | "HTTP/1.1" | "HTTP/2";

/** Lengths that are not a number of bytes. */
export const noBody = 0;
export const unknownLength = -1;

export class RequestHead {
  readonly headers: HeaderBlock;
  method = "";
  /** As it came: origin-form, or absolute-form, or "*". */
  target = "";
  /** Host or :authority, as it came; "" where HTTP/1.0 had none. */
  authority = "";
  version: HttpVersion = "HTTP/1.1";
  /** Bytes of the body; unknownLength where only its end will tell. */
  bodyLength: number = noBody;
  /** `Expect: 100-continue`: the client may wait with its body. */
  expectsContinue = false;
  /** `TE: trailers`. */
  acceptsTrailers = false;
  /** The one protocol asked for with `Upgrade`, lower-case; "" for none. */
  upgrade = "";
  /** Names that the Connection header made hop-by-hop, lower-case; undefined for none beyond the usual. */
  connectionNames: ReadonlySet<string> | undefined = undefined;

  constructor(headers: HeaderBlock = new HeaderBlock()) {
    this.headers = headers;
  }

  /** Nothing of the request before shows in the refusal of the next. */
  clear(): void {
    this.method = "";
    this.target = "";
    this.authority = "";
    this.version = "HTTP/1.1";
    this.headers.clear();
    this.bodyLength = noBody;
  }
}

export class ResponseHead {
  readonly headers: HeaderBlock = new HeaderBlock();
  status = 0;
  reason = "";
  version: HttpVersion = "HTTP/1.1";
  bodyLength: number = noBody;
  connectionNames: ReadonlySet<string> | undefined = undefined;
}

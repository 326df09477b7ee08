/**
 * The fields of one header block on their way from HPACK to a message's head (RFC 9113 8.1 to 8.3): pseudo-headers apart,
 * all others as lines of a header block. Holds the rules that are the same for requests, answers and trailers; the first
 * broken one is kept as the problem, and nothing more is stored after it, nor after the limits are passed.
 */
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import type { HeaderBlock } from "../header-block.ts";
import type { Field } from "./hpack/field.ts";
import { FieldKind, type FieldName } from "./hpack/field-name.ts";
import type { FieldSink, HpackDecoder } from "./hpack/decoder.ts";

/**
 * A block that decodes to so many times the limit ends its connection. Decoding it to the end, as the table needs, costs time,
 * and a kilobyte on the wire may be four megabytes (D03, CVE-2026-47774): nobody honest is so far off.
 */
const bombFactor = 4;

export interface FieldLimits {
  /** Decoded, each line counted as name + value + 32 (RFC 9113 6.5.2), each crumb of a cookie as a line of its own. */
  readonly headerBytes: number;
  /** Lines, the crumbs of a cookie as one. */
  readonly headerCount: number;
}

export class FieldSection implements FieldSink {
  method = "";
  scheme = "";
  authority = "";
  path = "";
  status = "";
  protocol = "";
  acceptsTrailers = false;
  /** Why the message is malformed (RFC 9113 8.1.1); "" for nothing. */
  problem = "";
  isTooLarge = false;
  readonly #limits: FieldLimits;
  #headers: HeaderBlock | undefined = undefined;
  /** A bit for each kind of pseudo-header. */
  #seen = 0;
  #size = 0;
  /** A field that is no pseudo-header has come, whatever became of it. */
  #hasField = false;
  #cookie = "";
  #isCookieNeverIndexed = false;

  constructor(limits: FieldLimits) {
    this.#limits = limits;
  }

  /** Decodes the block in bytes[start, end): its fields go into `headers`, in place of what is there. Throws as the decoder does. */
  read(decoder: HpackDecoder, bytes: Buffer, start: number, end: number, headers: HeaderBlock): void {
    this.#begin(headers);
    decoder.decode(bytes, start, end, this);
    this.#end();
  }

  #begin(headers: HeaderBlock): void {
    this.method = "";
    this.scheme = "";
    this.authority = "";
    this.path = "";
    this.status = "";
    this.protocol = "";
    this.acceptsTrailers = false;
    this.problem = "";
    this.isTooLarge = false;
    this.#headers = headers;
    this.#seen = 0;
    this.#size = 0;
    this.#hasField = false;
    this.#cookie = "";
    this.#isCookieNeverIndexed = false;
    headers.clear();
  }

  #end(): void {
    if (this.#cookie !== "") {
      const headers = this.#headers!;
      headers.append("cookie", this.#cookie);
      if (this.#isCookieNeverIndexed) headers.markNeverIndexed(headers.count - 1);
    }
    this.#headers = undefined;
  }

  has(kind: FieldKind): boolean {
    return (this.#seen & (1 << kind)) !== 0;
  }

  get hasPseudo(): boolean {
    return this.#seen !== 0;
  }

  onField(field: Field, isNeverIndexed: boolean): void {
    this.#size += field.size;
    if (this.#size > bombFactor * this.#limits.headerBytes) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "a header block that decodes to far too much");
    }
    // This field, and all after it, are decoded for the sake of the table alone.
    if (this.problem !== "" || this.isTooLarge) return;
    if (this.#size > this.#limits.headerBytes) this.isTooLarge = true;
    else if (field.problem !== "") this.problem = field.problem;
    else if (field.name.kind === FieldKind.regular) this.#line(field, isNeverIndexed);
    else this.#special(field.name, field.value, isNeverIndexed);
  }

  #line({ name, value, line }: Field, isNeverIndexed: boolean): void {
    const headers = this.#headers!;
    if (headers.count >= this.#limits.headerCount) {
      this.isTooLarge = true;
      return;
    }
    const start = headers.text.length;
    headers.text += line;
    const nameEnd = start + name.text.length;
    headers.push(start, nameEnd, nameEnd + 2, nameEnd + 2 + value.length, start + line.length, name.id);
    if (isNeverIndexed) headers.markNeverIndexed(headers.count - 1);
  }

  #special(name: FieldName, value: string, isNeverIndexed: boolean): void {
    if (name.kind === FieldKind.cookie) {
      this.#hasField = true;
      this.#cookie = this.#cookie === "" ? value : `${this.#cookie}; ${value}`;
      this.#isCookieNeverIndexed ||= isNeverIndexed;
    } else if (name.kind === FieldKind.te) {
      this.#hasField = true;
      if (value.toLowerCase() === "trailers") this.acceptsTrailers = true;
      else this.problem = "te with more than trailers";
    } else {
      this.#pseudo(name, value);
    }
  }

  #pseudo(name: FieldName, value: string): void {
    if (this.has(name.kind)) this.problem = `more than one ${name.text}`;
    else if (this.#headers!.count > 0 || this.#hasField) this.problem = "a pseudo-header after a field";
    this.#seen |= 1 << name.kind;
    switch (name.kind) {
      case FieldKind.method:
        this.method = value;
        return;
      case FieldKind.scheme:
        this.scheme = value;
        return;
      case FieldKind.authority:
        this.authority = value;
        return;
      case FieldKind.path:
        this.path = value;
        return;
      case FieldKind.status:
        this.status = value;
        return;
      case FieldKind.protocol:
        this.protocol = value;
        return;
      case FieldKind.regular:
      case FieldKind.cookie:
      case FieldKind.te:
        return;
    }
  }
}

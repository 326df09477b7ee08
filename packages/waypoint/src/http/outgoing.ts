/** What the proxy asks a codec to send: a start line, header lines passed on with edits, and a body's length. */
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import type { HeaderBlock } from "./header-block.ts";

export interface OutgoingHeaders {
  /** Lines to pass on; hop-by-hop and framing lines never are. */
  readonly block: HeaderBlock | undefined;
  /** known-headers.ts numbers that are not passed on, beside those that never are: 1 at the number. */
  readonly dropped: Uint8Array;
  /** Names that the message's Connection header made hop-by-hop. */
  readonly connectionNames: ReadonlySet<string> | undefined;
  /** In order; each sees the result of those before. */
  readonly modifiers: readonly HeaderModifier[];
  /** "Name: value\r\n" lines of ours, valid as they stand. */
  readonly added: string;
}

export interface OutgoingRequest extends OutgoingHeaders {
  readonly method: string;
  /** What `added` says, in its parts; undefined where it says anything else. */
  readonly forwarded: { readonly lines: string; readonly requestId: string } | undefined;
  /** Path and query. */
  readonly target: string;
  readonly authority: string;
  /** As RequestHead.bodyLength. */
  readonly bodyLength: number;
  readonly expectsContinue: boolean;
  readonly acceptsTrailers: boolean;
  /** "" for none. */
  readonly upgrade: string;
}

export interface OutgoingResponse extends OutgoingHeaders {
  readonly status: number;
  readonly reason: string;
  /** As ResponseHead.bodyLength. */
  readonly bodyLength: number;
  /** Close the connection (HTTP/2: nothing) after this answer. */
  readonly close: boolean;
  readonly upgrade: string;
}

/** Answers of our own: from the table of proxy-error.ts, redirects, and CORS preflights. */
import { plainDropped } from "../http/h1/serialize-head.ts";
import { reasonPhrase } from "../http/h1/reason-phrase.ts";
import type { OutgoingResponse } from "../http/outgoing.ts";
import type { DownstreamStream } from "../http/stream.ts";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";

export interface LocalReply {
  readonly status: number;
  /** "Name: value\r\n" lines. */
  readonly headers: string;
  /** ASCII; "" for none. */
  readonly body: string;
  readonly close: boolean;
  readonly modifiers: readonly HeaderModifier[];
}

/** Gives back the bytes of body sent. */
export function sendLocalReply(stream: DownstreamStream, reply: LocalReply, method: string): number {
  const response: OutgoingResponse = {
    status: reply.status,
    reason: reasonPhrase(reply.status),
    block: undefined,
    dropped: plainDropped,
    connectionNames: undefined,
    modifiers: reply.modifiers,
    added: reply.body === "" ? reply.headers : `${reply.headers}Content-Type: text/plain\r\n`,
    bodyLength: reply.body.length,
    close: reply.close,
    upgrade: "",
  };
  stream.sendHead(response);
  const hasBody = reply.body !== "" && method !== "HEAD";
  if (hasBody) stream.sendData(Buffer.from(reply.body, "latin1"));
  stream.sendEnd(undefined);
  return hasBody ? reply.body.length : 0;
}

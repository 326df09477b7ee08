/** Answers of our own: from the table of proxy-error.ts, redirects, and CORS preflights. */
import { plainDropped } from "../http/dropped-headers.ts";
import { reasonPhrase } from "../http/reason-phrase.ts";
import type { OutgoingResponse } from "../http/outgoing.ts";
import type { DownstreamStream } from "../http/stream.ts";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";

export interface LocalReply {
  readonly status: number;
  /** "Name: value\r\n" lines. */
  readonly headers: string;
  /** ASCII; "" for none. */
  readonly body: string;
  /** Whether `headers` say what the body is; it is plain text where they do not. */
  readonly saysContentType?: boolean;
  readonly close: boolean;
  readonly modifiers: readonly HeaderModifier[];
}

/** Somebody else's answer to a request that goes no further. */
export type Refusal = Pick<LocalReply, "status" | "headers" | "body"> & { readonly saysContentType: boolean };

/** Longer messages fill a client's headers. */
const longestMessage = 512;

/** A refusal's body (latin-1) as the message of a gRPC status; `instead` where it has none. */
export function grpcMessage(body: string, instead: string): string {
  const text = Buffer.from(body.slice(0, longestMessage), "latin1").toString("utf8").trim();
  return text === "" ? instead : text;
}

/** The bytes of body that it sends. */
export function replyBytes(reply: LocalReply, method: string): number {
  return method === "HEAD" ? 0 : reply.body.length;
}

export function sendLocalReply(stream: DownstreamStream, reply: LocalReply, method: string): void {
  const response: OutgoingResponse = {
    status: reply.status,
    reason: reasonPhrase(reply.status),
    block: undefined,
    dropped: plainDropped,
    connectionNames: undefined,
    modifiers: reply.modifiers,
    added:
      reply.body === "" || reply.saysContentType === true
        ? reply.headers
        : `${reply.headers}Content-Type: text/plain\r\n`,
    bodyLength: reply.body.length,
    close: reply.close,
    upgrade: "",
  };
  stream.sendHead(response);
  if (replyBytes(reply, method) > 0) stream.sendData(Buffer.from(reply.body, "latin1"));
  stream.sendEnd(undefined);
}

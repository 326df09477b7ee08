/**
 * WebSocket over HTTP/2 (RFC 8441): a CONNECT with `:protocol` asks for what a GET with Upgrade asks for in HTTP/1.1, and is
 * matched, judged and forwarded as that. HTTP/1.1 wants a key beside it, which HTTP/2 does without.
 */
import type { Rng } from "@waystone/base/rng";
import { droppedTable } from "../h1/serialize-head.ts";
import type { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";
import { unknownLength } from "../message.ts";
import type { OutgoingResponse } from "../outgoing.ts";

/** The one protocol that is passed on, as in HTTP/1.1. */
export const tunnelProtocol = "websocket";

const keyBytes = 16;

/** RFC 6455 4.1; for the endpoint alone. */
export function addWebSocketKey(headers: HeaderBlock, rng: Rng): void {
  if (headers.indexOfKnown(Known["sec-websocket-key"]) >= 0) return;
  const key = Buffer.from(Array.from({ length: keyBytes }, () => Math.floor(rng.next() * 256)));
  headers.append("Sec-WebSocket-Key", key.toString("base64"));
}

const acceptDropped = droppedTable(Known["sec-websocket-accept"]);

/** What a 101 is in HTTP/2: 200, and the accepted key stays behind (RFC 8441 5). */
export function tunnelAnswer(response: OutgoingResponse): OutgoingResponse {
  return {
    ...response,
    status: 200,
    reason: "OK",
    bodyLength: unknownLength,
    upgrade: "",
    dropped: acceptDropped,
  };
}

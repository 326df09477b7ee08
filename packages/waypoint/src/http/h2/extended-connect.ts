/**
 * WebSocket over HTTP/2 (RFC 8441): a CONNECT with `:protocol` asks for what a GET with Upgrade asks for in HTTP/1.1, and is
 * matched and judged as that, whoever asks. HTTP/1.1 wants a key beside it and proof that it was read, which HTTP/2 does
 * without: both are made up where one side speaks the one and the other the other.
 */
import { createHash } from "node:crypto";
import type { Rng } from "@waystone/base/rng";
import { droppedTable } from "../dropped-headers.ts";
import type { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";
import { noBody, ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingRequest, OutgoingResponse } from "../outgoing.ts";

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

/** What a GET with Upgrade is in HTTP/2: its key stays behind (RFC 8441 5). */
export function tunnelRequest(request: OutgoingRequest): OutgoingRequest {
  const dropped = Uint8Array.from(request.dropped);
  dropped[Known["sec-websocket-key"]] = 1;
  return { ...request, method: "CONNECT", bodyLength: unknownLength, dropped };
}

/** RFC 6455 1.3. */
const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The 101 that an endpoint's 2xx to extended CONNECT stands for; `key`: the client's, "" for none. */
export function switchingHead(answer: ResponseHead, key: string): ResponseHead {
  const head = new ResponseHead();
  const { headers } = answer;
  for (let i = 0; i < headers.count; i++) {
    if (headers.ids[i] !== Known["sec-websocket-accept"])
      head.headers.append(headers.nameAt(i), headers.valueAt(i));
  }
  if (key !== "") {
    const accept = createHash("sha1")
      .update(key + acceptSuffix)
      .digest("base64");
    head.headers.append("Sec-WebSocket-Accept", accept);
  }
  head.version = answer.version;
  head.status = 101;
  head.reason = "Switching Protocols";
  head.bodyLength = noBody;
  return head;
}

/** How an answer's body is framed towards its client (RFC 9112 6.3), and its head written. */
import { type RequestHead, unknownLength } from "../message.ts";
import type { OutgoingResponse } from "../outgoing.ts";
import type { MessageWriter } from "./message-writer.ts";
import { hasNoBody } from "../has-no-body.ts";
import { type AnswerFraming, serializeResponseHead } from "./serialize-head.ts";

/** Starts the answer to `request`, and says how its body's end is found. `close`: say that the connection closes. */
export function beginAnswer(
  writer: MessageWriter,
  response: OutgoingResponse,
  request: RequestHead,
  close: boolean,
): AnswerFraming {
  if (response.upgrade !== "") {
    writer.begin(serializeResponseHead(response, "none", unknownLength, false), "raw", 0);
    return "none";
  }
  if (hasNoBody(response.status, request.method)) {
    writer.begin(serializeResponseHead(response, "none", declaredLength(response), close), "none", 0);
    return "none";
  }
  const { bodyLength } = response;
  if (bodyLength !== unknownLength) {
    writer.begin(serializeResponseHead(response, "length", bodyLength, close), "length", bodyLength);
    return "length";
  }
  if (request.version === "HTTP/1.1") {
    writer.begin(serializeResponseHead(response, "chunked", unknownLength, close), "chunked", 0);
    return "chunked";
  }
  writer.begin(serializeResponseHead(response, "until-close", unknownLength, true), "raw", 0);
  return "until-close";
}

/** HEAD and 304 may declare what GET would bring; 204 and 1xx may not (RFC 9110 8.6). */
function declaredLength(response: OutgoingResponse): number {
  return response.status === 204 || response.status < 200 ? unknownLength : response.bodyLength;
}

/**
 * Local replies to gRPC calls: HTTP 200 and trailers alone, which is how gRPC says that a call failed before it began
 * (gRPC over HTTP/2, "Trailers-Only"; reference R09).
 */
import type { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";

/** application/grpc, with or without a "+proto" or parameters; grpc-web is another protocol. */
export function isGrpc(headers: HeaderBlock): boolean {
  const value = headers.firstKnown(Known["content-type"]);
  if (value === "application/grpc") return true;
  const type = value.toLowerCase();
  if (!type.startsWith("application/grpc")) return false;
  const next = type[16];
  return next === undefined || next === "+" || next === ";" || next === " ";
}

/** Header lines of such a reply. `message` is text of ours. */
export function grpcReplyLines(grpcStatus: number, message: string): string {
  return `Content-Type: application/grpc\r\ngrpc-status: ${grpcStatus}\r\ngrpc-message: ${escapeMessage(message)}\r\n`;
}

/** Percent-encoded where it is not printable ASCII (gRPC over HTTP/2, "Status-Message"). */
function escapeMessage(text: string): string {
  return text.replace(/[^ -$&-~]/gu, (char) => encodeURIComponent(char));
}

/** gRPC's own table for answers that have no grpc-status (grpc/doc/http-grpc-status-mapping.md). */
export function grpcStatusOf(httpStatus: number): number {
  switch (httpStatus) {
    case 400:
      return 13;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 12;
    case 429:
    case 502:
    case 503:
    case 504:
      return 14;
    default:
      return 2;
  }
}

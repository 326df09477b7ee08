/**
 * What an endpoint's RST_STREAM becomes for the client. Before the answer began, a gRPC call ends with the status that gRPC's
 * own clients would have made of the code (gRPC over HTTP/2, "Errors"); once it has begun, the code is passed on where it is
 * about the stream. One about the endpoint's connection would blame the client for it, and NO_ERROR would pass for an end.
 */
import { ErrorCode } from "./connection-error.ts";

/** An endpoint that did not reset the stream: it was lost otherwise, or is whole. */
export const notReset = -1;

const passed: ReadonlySet<number> = new Set([
  ErrorCode.cancel,
  ErrorCode.enhanceYourCalm,
  ErrorCode.inadequateSecurity,
]);

/** Of the RST_STREAM to the client, in the middle of its answer. REFUSED_STREAM would be untrue by then (RFC 9113 8.7). */
export function passedResetCode(code: number): ErrorCode {
  return passed.has(code) ? (code as ErrorCode) : ErrorCode.internalError;
}

/** Undefined: the stream was not reset. */
export function grpcStatusOfReset(code: number): number | undefined {
  switch (code) {
    case notReset:
      return undefined;
    case ErrorCode.refusedStream:
      return 14;
    case ErrorCode.cancel:
      return 1;
    case ErrorCode.enhanceYourCalm:
      return 8;
    case ErrorCode.inadequateSecurity:
      return 7;
    default:
      // Codes that nobody knows too: an unknown code is INTERNAL_ERROR (RFC 9113 7).
      return 13;
  }
}

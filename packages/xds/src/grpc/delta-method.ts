/** The one gRPC method, with messages passed through as bytes: the state machines encode and decode. */
import { deltaMethodPath } from "@waystone/api/discovery";

/** A view, not a copy. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export const deltaMethod = {
  path: deltaMethodPath,
  requestStream: true,
  responseStream: true,
  requestSerialize: toBuffer,
  requestDeserialize: (bytes: Buffer): Uint8Array => bytes,
  responseSerialize: toBuffer,
  responseDeserialize: (bytes: Buffer): Uint8Array => bytes,
} as const;

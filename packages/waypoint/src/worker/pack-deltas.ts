/**
 * Makes deltas fit for a message to a thread: all bodies in one buffer. Structured clone copies the whole buffer behind a
 * view, and the bodies that gRPC hands over are views of much larger ones.
 */
import type { ResourceDelta } from "@waystone/xds/resource";

export function packDeltas(deltas: readonly ResourceDelta[]): ResourceDelta[] {
  let size = 0;
  for (const delta of deltas) for (const { body } of delta.upserts) size += body.byteLength;
  const packed = new Uint8Array(size);
  let offset = 0;
  return deltas.map(({ typeUrl, upserts, removals }) => ({
    typeUrl,
    removals: [...removals],
    upserts: upserts.map(({ typeUrl, name, version, body }) => {
      const start = offset;
      packed.set(body, start);
      offset += body.byteLength;
      return { typeUrl, name, version, body: packed.subarray(start, offset) };
    }),
  }));
}

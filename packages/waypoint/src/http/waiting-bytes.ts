/**
 * Which memory bytes may wait in for a peer that does not read. They lie in a buffer of 64 KiB that was read into
 * (listener/socket-reader.ts), or in Node's pool for small copies, which is as large: waiting, they would keep all of it. So what
 * is less than half of that waits in memory of its own, and a slow peer costs twice what waits for him at most.
 */
const keepFrom = 32 * 1024;

/** The bytes, or a copy of them where they would keep more than they are. */
export function waitingBytes(bytes: Buffer): Buffer {
  if (bytes.length >= keepFrom) return bytes;
  // Buffer.from would take it from the pool.
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

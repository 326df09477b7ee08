/** Bytes that both ends can make by themselves: the n-th MiB begins with its number, so that nothing may move. */
import { createHash } from "node:crypto";

const usualPiece = 64 * 1024;

export function* blobPieces(bytes: number, piece: number = usualPiece): Generator<Buffer> {
  const pattern = Buffer.alloc(usualPiece, "0123456789abcdef");
  for (let at = 0; at < bytes; at += piece) {
    const next = Buffer.from(pattern.subarray(0, Math.min(piece, bytes - at)));
    if (next.length >= 4) next.writeUInt32BE(at / piece);
    yield next;
  }
}

export function blobHash(bytes: number, piece?: number): string {
  const hash = createHash("sha256");
  for (const each of blobPieces(bytes, piece)) hash.update(each);
  return hash.digest("hex");
}

/** Bytes that both ends can make by themselves: the n-th MiB begins with its number, so that nothing may move. */
import { createHash } from "node:crypto";
import type { Writable } from "node:stream";

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

/** Pieces of less than this go one by one, each written before the next: Node would put them into one frame (or chunk). */
const wholeFrame = 1024;

/** One of the pieces of that size. */
export async function writePiece(to: Writable, piece: Buffer, size: number | undefined): Promise<void> {
  if (size !== undefined && size > 0 && size < wholeFrame)
    await new Promise<void>((resolve) => to.write(piece, () => resolve()));
  else if (!to.write(piece)) await drained(to);
}

export async function drained(stream: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once("drain", resolve);
  stream.once("close", resolve);
  await promise;
  stream.off("drain", resolve);
  stream.off("close", resolve);
}

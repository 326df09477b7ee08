/**
 * Bytes of one stream that its peer gives no room for yet. Small pieces are copied into shared memory one behind another,
 * so that many of them take no more than their bytes; very large ones are kept as they are.
 */
import { copyLimit } from "../h1/message-writer.ts";
import { waitingBytes } from "../waiting-bytes.ts";

const slabBytes = 16 * 1024;

export class SendQueue {
  readonly #pieces: Buffer[] = [];
  /** How much of the first piece is sent. */
  #sent = 0;
  /** The last piece, where it has free room. */
  #slab: Buffer | undefined = undefined;
  #slabEnd = 0;
  length = 0;

  /** Copies all but pieces that fill most of what they were read into (waitingBytes). */
  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.length += bytes.length;
    if (bytes.length > copyLimit) {
      this.#slab = undefined;
      this.#pieces.push(waitingBytes(bytes));
      return;
    }
    if (this.#slab === undefined || this.#slab.length - this.#slabEnd < bytes.length) {
      this.#slab = Buffer.allocUnsafeSlow(
        this.#pieces.length === 0 ? Math.max(1024, bytes.length) : slabBytes,
      );
      this.#slabEnd = 0;
      this.#pieces.push(this.#slab.subarray(0, 0));
    }
    bytes.copy(this.#slab, this.#slabEnd);
    this.#slabEnd += bytes.length;
    this.#pieces[this.#pieces.length - 1] = this.#slab.subarray(0, this.#slabEnd);
  }

  /** The next bytes, no more than `limit`; they count as sent. Their memory stays as it is. */
  take(limit: number): Buffer {
    const first = this.#pieces[0]!;
    const end = Math.min(first.length, this.#sent + limit);
    const bytes = first.subarray(this.#sent, end);
    this.length -= bytes.length;
    if (end < first.length) {
      this.#sent = end;
    } else {
      if (this.#pieces.length === 1) this.#slab = undefined;
      this.#pieces.shift();
      this.#sent = 0;
    }
    return bytes;
  }
}

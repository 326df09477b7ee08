/**
 * How much of one connection is read at a time: by what its bytes cost. A connection begins with little, is read from in large amounts
 * once it has brought some, and in ever smaller ones while its reads take long (header blocks that decode to much, floods of
 * frames, requests that cost their sender nothing). So whatever is sent, a read takes about as long as that of anybody else,
 * and the kernel holds back who sends more.
 */

/** Amounts are these, each four times the one before. */
export const mostBytes = 64 * 1024;
export const firstBytes = 4 * 1024;
const step = 4;

/** A read that takes longer is a dear one: after some of them the next are smaller. */
const dearMs = 0.5;
/**
 * One dear read may be a collection of garbage, or another thread's time, that fell into it: each counts for as much, a cheap one
 * takes one back, and beyond this it is the connection's own.
 */
const dearWeight = 2;
const mostDear = 2;

/** What a peer whose reads were dear, or crumbs, has to bring before larger ones: nobody may buy those by the odd cheap one. */
const proofBytes = 1024 * 1024;

/**
 * What comes in pieces smaller than this, frame or chunk and all, costs far more for a byte than the rest does: 6,500 DATA frames of
 * one byte fit into a large read. That is known without a clock.
 */
const crumbBytes = 24;

/** Whether `pieces` in so many bytes are crumbs. */
export function areCrumbs(pieces: number, length: number): boolean {
  return length >= firstBytes && pieces * crumbBytes > length;
}

export class ReadRation {
  /** At a time. */
  bytes: number = firstBytes;
  #proof = firstBytes;
  #toProve = firstBytes;
  #dear = 0;

  /** Less than the most, for bytes that have cost much, or are the first ones. */
  get isShort(): boolean {
    return this.bytes < mostBytes;
  }

  onCrumbs(): void {
    this.#cut(firstBytes);
  }

  /** Of a read whose bytes were no crumbs. */
  onRead(length: number, tookMs: number): void {
    if (tookMs > dearMs) return this.#onDear();
    if (this.#dear > 0) this.#dear -= 1;
    if (!this.isShort) return;
    this.#toProve -= length;
    // Four times as much is not to be dear either.
    if (this.#toProve > 0 || tookMs * step * this.bytes > dearMs * length) return;
    this.bytes *= step;
    this.#toProve = this.#proof;
  }

  #onDear(): void {
    this.#dear += dearWeight;
    if (this.#dear <= mostDear) return;
    this.#dear = mostDear;
    this.#cut(Math.max(firstBytes, this.bytes / step));
  }

  #cut(bytes: number): void {
    this.bytes = bytes;
    this.#proof = proofBytes;
    this.#toProve = proofBytes;
  }
}

/**
 * Counts the messages in one direction of a gRPC call: each is a flag, four bytes of length, and so many bytes (gRPC over
 * HTTP/2, "Length-Prefixed-Message"). A message counts once its prefix is whole.
 */

const prefixBytes = 5;

export class GrpcMessageCount {
  count = 0;
  /** Bytes of the prefix that have come. */
  #prefix = 0;
  #length = 0;
  /** Bytes of the message that are still to come. */
  #left = 0;

  /** The next bytes of the body, in any pieces. */
  add(bytes: Buffer): void {
    const end = bytes.length;
    for (let at = 0; at < end; ) {
      if (this.#left > 0) {
        const run = Math.min(this.#left, end - at);
        this.#left -= run;
        at += run;
        continue;
      }
      // The first byte is the flag.
      this.#length = this.#prefix === 0 ? 0 : this.#length * 256 + bytes[at]!;
      at++;
      if (++this.#prefix < prefixBytes) continue;
      this.count++;
      this.#prefix = 0;
      this.#left = this.#length;
    }
  }
}

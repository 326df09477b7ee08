/**
 * Lines out of chunks, for newline-delimited JSON. Each byte is looked at once: what is left of a line is kept in pieces and
 * joined when its end comes, so a long line in small chunks costs no more than in one. A line has a bound.
 */

const newline = 0x0a;

export class LineTooLong extends Error {
  constructor(limitBytes: number) {
    super(`a line is longer than ${limitBytes} bytes`);
    this.name = "LineTooLong";
  }
}

export class JsonLines {
  readonly #limitBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor({ limitBytes }: { readonly limitBytes: number }) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes of a line whose end has not come. */
  get pendingBytes(): number {
    return this.#length;
  }

  /** The lines that `chunk` completes, without their ends; empty ones are left out. Throws LineTooLong. */
  *push(chunk: Uint8Array): Iterable<string> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      if (end < 0) break;
      const line = this.#complete(chunk.subarray(start, end));
      start = end + 1;
      if (line !== "") yield line;
    }
    this.#keep(chunk.subarray(start));
  }

  #complete(piece: Uint8Array): string {
    this.#keep(piece);
    const whole = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [];
    this.#length = 0;
    return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).toString("utf8").trim();
  }

  #keep(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > this.#limitBytes) throw new LineTooLong(this.#limitBytes);
    if (piece.length > 0 || this.#pieces.length === 0) this.#pieces.push(piece);
  }
}

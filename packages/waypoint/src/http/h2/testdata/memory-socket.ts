/** A socket that leads nowhere: what is written to it is kept, at once or when the test says so. For thousands of them. */
import { Socket } from "node:net";

export class MemorySocket extends Socket {
  readonly written: Buffer[] = [];
  /** Nothing is taken while this holds. */
  isStuck = false;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(Buffer.from(chunk));
    if (!this.isStuck) done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.written.push(Buffer.from(chunk));
    if (!this.isStuck) done();
  }

  override _final(done: () => void): void {
    done();
  }

  override _read(): void {}

  get bytes(): Buffer {
    return Buffer.concat(this.written);
  }
}

/** As ../latin1.d.ts: in Node since version 4, but missing from its types. */
declare global {
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
    latin1Write(text: string, offset?: number, length?: number): number;
  }
}

export {};

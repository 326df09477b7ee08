/** In Node since version 4 and used by its own HTTP code, but missing from its types: toString and write without dispatch. */
declare global {
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
    latin1Slice(start?: number, end?: number): string;
    latin1Write(text: string, offset?: number, length?: number): number;
  }
}

/** What makes this file a module, as `declare global` needs. */
export type Latin1Buffer = Buffer;

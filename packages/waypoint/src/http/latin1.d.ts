/** In Node since version 4 and used by its own HTTP code, but missing from its types: toString without its dispatch. */
declare global {
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
    latin1Slice(start?: number, end?: number): string;
  }
}

export {};

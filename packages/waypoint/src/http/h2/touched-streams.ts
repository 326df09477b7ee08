/** Streams that a read brought something for: each hears of the read's end, once. */
import type { Http2Stream } from "./http2-stream.ts";

export class TouchedStreams<S extends Http2Stream> {
  #touched: S[] = [];
  /** The same, while it is worked through. */
  #spare: S[] = [];

  add(stream: S): void {
    if (stream.isTouched) return;
    stream.isTouched = true;
    this.#touched.push(stream);
  }

  flush(): void {
    if (this.#touched.length === 0) return;
    const touched = this.#touched;
    this.#touched = this.#spare;
    this.#spare = touched;
    for (const stream of touched) {
      stream.isTouched = false;
      stream.onFlush();
    }
    touched.length = 0;
  }
}

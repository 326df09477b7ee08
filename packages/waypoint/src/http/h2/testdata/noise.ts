/** Frames and header blocks that a seed decides: proper ones, wrong ones among them, and what mutation makes of both. */
import type { Rng } from "@waystone/base/rng";
import { block, END_HEADERS, END_STREAM, type Fields, frame, settings, uint32 } from "./frames.ts";

const names = [
  "a",
  "cookie",
  "content-length",
  "te",
  "Host",
  "host",
  ":path",
  ":status",
  "x".repeat(300),
  "",
  "connection",
];
const values = ["", "1", "trailers", "a=b", "\0", "x".repeat(500), "\u00ff", "5"];

export class Noise {
  readonly #rng: Rng;
  /** How much of it is noise; the rest keeps the rules. */
  readonly #level: number;
  readonly #open: number[] = [];
  #next = 1;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#level = rng.next() * 0.4;
  }

  below(limit: number): number {
    return Math.floor(this.#rng.next() * limit);
  }

  pick<T>(among: readonly T[]): T {
    return among[this.below(among.length)] as T;
  }

  bytes(limit: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(limit) }, () => this.below(256)));
  }

  #id(): number {
    return this.pick([0, 1, 1, 1, 3, 3, 5, 7, 2, 0x7fffffff]);
  }

  #fields(start: Fields): Buffer {
    const more = Array.from({ length: this.below(4) }, () => [this.pick(names), this.pick(values)] as const);
    const indexed = this.pick([Buffer.alloc(0), this.bytes(6), Buffer.from([0xbe, 0x41, 1, 0x61])]);
    return this.#rng.next() < 0.5 ? block([...start, ...more]) : Buffer.concat([block(start), indexed]);
  }

  /** What a proper client says. */
  proper(start: Fields): Buffer {
    const id = this.pick<number | undefined>(this.#open);
    if (id === undefined || this.below(3) === 0) {
      const opened = this.#next;
      this.#next += 2;
      const ends = this.below(2);
      if (ends === 0) this.#open.push(opened);
      const fields = block(start);
      if (this.below(3) > 0) return frame("HEADERS", END_HEADERS | ends, opened, fields);
      const at = this.below(fields.length);
      const first = frame("HEADERS", ends, opened, fields.subarray(0, at));
      return Buffer.concat([first, frame("CONTINUATION", END_HEADERS, opened, fields.subarray(at))]);
    }
    const ends = this.below(2);
    if (ends === 1) this.#open.splice(this.#open.indexOf(id), 1);
    switch (this.below(5)) {
      case 0:
        return frame("WINDOW_UPDATE", 0, this.pick([0, id]), uint32(1 + this.below(10_000)));
      case 1:
        return ends === 1
          ? frame("HEADERS", END_HEADERS | END_STREAM, id, block([["t", "u"]]))
          : settings([4, this.below(70_000)]);
      case 2:
        return frame(
          "DATA",
          8 | ends,
          id,
          Buffer.concat([Buffer.from([3]), this.bytes(30), Buffer.alloc(3)]),
        );
      default:
        return frame("DATA", ends, id, this.bytes(2000));
    }
  }

  frame(start: Fields): Buffer {
    if (this.#rng.next() > this.#level) return this.proper(start);
    const id = this.#id();
    switch (this.below(13)) {
      case 0:
      case 1:
      case 2:
        return frame("HEADERS", this.pick([4, 4, 5, 5, 5, 0, 1, 0x2c, 0x25]), id, this.#fields(start));
      case 3:
        return frame("DATA", this.pick([0, 1, 8, 9]), id, this.bytes(40));
      case 4:
        return frame("CONTINUATION", this.pick([0, 4]), id, this.#fields([]));
      case 5:
        return frame("WINDOW_UPDATE", 0, this.pick([0, id]), uint32(this.pick([0, 1, 100_000, 0x7fffffff])));
      case 6:
        return frame("RST_STREAM", 0, id, uint32(this.below(15)));
      case 7:
        return settings([this.below(10), this.pick([0, 1, 100, 16_384, 65_535, 0x7fffffff, 0xffffffff])]);
      case 8:
        return frame("PING", this.below(2), 0, Buffer.alloc(8));
      case 9:
        return frame("GOAWAY", 0, 0, uint32(this.pick([0, 1, 0x7fffffff]), 0));
      case 10:
        return frame(this.below(256), this.below(256), id, this.bytes(30));
      case 11:
        return this.bytes(20);
      default:
        return frame("HEADERS", END_HEADERS | END_STREAM, id, block(start));
    }
  }

  /** Some of the bytes are others, left out, or there twice. */
  mutate(bytes: Buffer): Buffer {
    if (this.#rng.next() < 0.7 || bytes.length < 2) return bytes;
    const copy = Buffer.from(bytes);
    for (let i = this.below(3); i >= 0; i--) copy[this.below(copy.length)] = this.below(256);
    const at = this.below(copy.length);
    return this.pick([copy, copy.subarray(0, at), Buffer.concat([copy, copy.subarray(at)])]);
  }
}

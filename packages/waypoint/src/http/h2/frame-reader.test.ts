import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { areCrumbs } from "../../listener/read-ration.ts";
import { HeldBytes } from "../held-bytes.ts";
import { type DataPiece, type FrameHandler, FrameReader } from "./frame-reader.ts";
import { frame, typeNames } from "./testdata/frames.ts";

/** What was read, with the pieces of a DATA frame put together again. */
class Recorder implements FrameHandler {
  readonly events: string[] = [];
  #body = "";
  #counted = 0;

  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    this.events.push(`${typeNames[type]} ${flags} ${streamId} ${bytes.toString("hex", start, end)}`);
  }

  onUnknownFrame(): void {
    this.events.push("unknown");
  }

  onData(
    { streamId, counted, isLast, endStream, frameLength }: DataPiece,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    this.#body += bytes.toString("hex", start, end);
    this.#counted += counted;
    if (!isLast) return;
    expect(this.#counted).toBe(frameLength);
    this.events.push(`DATA ${endStream ? 1 : 0} ${streamId} ${this.#counted} ${this.#body}`);
    this.#body = "";
    this.#counted = 0;
  }
}

function read(chunks: readonly Buffer[]): readonly string[] {
  const recorder = new Recorder();
  const reader = new FrameReader(recorder, new HeldBytes(1 << 20));
  for (const chunk of chunks) {
    // Bytes are lent: what was read must not be looked at again.
    const lent = Buffer.concat([chunk, Buffer.alloc(3, 0xee)]);
    reader.read(lent, chunk.length);
    lent.fill(0xff);
  }
  expect(reader.isHolding).toBe(false);
  return recorder.events;
}

const payload = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const anyFrame = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 255 }), fc.nat(2 ** 31 - 1), payload)
    .map(([type, flags, id, bytes]) => frame(type, flags, id, bytes)),
  fc.tuple(fc.integer({ min: 10, max: 255 }), payload).map(([type, bytes]) => frame(type, 0, 0, bytes)),
  fc.tuple(fc.constantFrom(0, 1), payload).map(([flags, bytes]) => frame("DATA", flags, 7, bytes)),
  fc
    .tuple(fc.constantFrom(8, 9), payload, fc.nat(20))
    .map(([flags, bytes, pad]) =>
      frame("DATA", flags, 9, Buffer.concat([Buffer.from([pad]), bytes, Buffer.alloc(pad)])),
    ),
);

describe("frames mean the same however their bytes are cut", () => {
  test("in any pieces", () => {
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 12 }), cuts, (frames, sizes) => {
        const bytes = Buffer.concat(frames);
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(read(chunks)).toEqual(read([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  test("byte by byte", () => {
    const bytes = Buffer.concat([
      frame("SETTINGS", 0, 0, "abcdef"),
      frame("HEADERS", 5, 1, "block"),
      frame("DATA", 0, 1, "hello"),
      frame("DATA", 9, 1, "\x02hi\0\0"),
      frame(200, 3, 1, "unknown"),
      frame("PING", 0, 0, "12345678"),
    ]);
    const each = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect(read(each)).toEqual(read([bytes]));
    expect(read([bytes])).toEqual([
      "SETTINGS 0 0 616263646566",
      "HEADERS 5 1 626c6f636b",
      "DATA 0 1 5 68656c6c6f",
      "DATA 1 1 5 6869",
      "unknown",
      "PING 0 0 3132333435363738",
    ]);
  });
});

test("a frame that spans reads holds no more than its own bytes, and nothing once it is whole", () => {
  const reader = new FrameReader(new Recorder(), new HeldBytes(1 << 20));
  const bytes = frame("HEADERS", 4, 1, Buffer.alloc(16_384));
  reader.read(bytes, 5);
  expect(reader.isHolding).toBe(true);
  reader.read(bytes.subarray(5), bytes.length - 5);
  expect(reader.isHolding).toBe(false);
});

test("[D07] frames of a read are counted: 6,000 of one byte are crumbs, a few messages or a download are none", () => {
  const reader = new FrameReader(new Recorder(), new HeldBytes(1 << 20));
  const areThey = (...frames: readonly Buffer[]): boolean => {
    const bytes = Buffer.concat(frames);
    reader.read(bytes, bytes.length);
    return areCrumbs(reader.frames, bytes.length);
  };
  const many = (count: number, size: number) =>
    areThey(...Array.from({ length: count }, () => frame("DATA", 0, 1, Buffer.alloc(size))));
  expect([many(6000, 1), many(6000, 0), many(100, 1), many(1000, 30), many(4, 16_384)]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

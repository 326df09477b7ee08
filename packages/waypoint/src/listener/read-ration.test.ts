/** How much of a connection is read at a time. */
import { expect, test } from "vitest";
import { areCrumbs, ReadRation } from "./read-ration.ts";

const kib = 1024;
const proof = 1024 * kib;

/** Reads of the ration's size until so many bytes are read, each of which costs so much. */
function read(ration: ReadRation, bytes: number, msPerKib: number): number[] {
  const sizes: number[] = [];
  for (let left = bytes; left > 0; left -= sizes.at(-1)!) {
    sizes.push(ration.bytes);
    ration.onRead(ration.bytes, (ration.bytes / kib) * msPerKib);
  }
  return sizes;
}

test("[D07] a connection begins with 4 KiB, and has 64 KiB once it has brought some", () => {
  const ration = new ReadRation();
  expect(ration.isShort).toBe(true);
  expect(read(ration, 100 * kib, 0.001)).toEqual([4 * kib, 16 * kib, 64 * kib, 64 * kib]);
  expect(ration.isShort).toBe(false);
});

test.for([
  ["cheap ones are read from in large amounts", 0.007, 64],
  ["dearer ones in smaller amounts, so that none takes half a millisecond", 0.02, 16],
  ["the dearest 4 KiB at a time", 0.1, 4],
] as const)("[D01] of those that cost the same from the first byte on %s", ([, msPerKib, most]) => {
  expect(Math.max(...read(new ReadRation(), 10 * proof, msPerKib))).toBe(most * kib);
});

test("[D03] reads that take long, one after the other, make the next one a quarter each, down to 4 KiB", () => {
  const ration = new ReadRation();
  read(ration, 200 * kib, 0.001);
  const sizes: number[] = [];
  for (let i = 0; i < 4; i++) {
    ration.onRead(ration.bytes, 0.6);
    sizes.push(ration.bytes / kib);
  }
  expect(sizes).toEqual([64, 16, 4, 4]);
});

test("one read in three that takes long, by a collection of garbage perhaps, costs nobody anything; every other one does", () => {
  const ration = new ReadRation();
  read(ration, 200 * kib, 0.001);
  for (let i = 0; i < 100; i++) ration.onRead(ration.bytes, i % 3 === 0 ? 5 : 0.01);
  expect(ration.bytes).toBe(64 * kib);
  for (let i = 0; i < 6; i++) ration.onRead(ration.bytes, i % 2 === 0 ? 5 : 0.01);
  expect(ration.bytes).toBeLessThan(64 * kib);
});

test("[D03] whose reads took long has to bring a megabyte that costs little before the next larger amount", () => {
  const ration = new ReadRation();
  read(ration, 200 * kib, 0.001);
  for (let i = 0; i < 3; i++) ration.onRead(ration.bytes, 9);
  expect(read(ration, proof - 4 * kib, 0.001).every((size) => size === 4 * kib)).toBe(true);
  expect(read(ration, 4 * kib, 0.001)).toEqual([4 * kib]);
  expect(ration.bytes).toBe(16 * kib);
  read(ration, proof, 0.001);
  expect(ration.bytes).toBe(64 * kib);
});

test("[D07] crumbs are read 4 KiB at a time, whatever they cost", () => {
  const ration = new ReadRation();
  read(ration, 200 * kib, 0);
  ration.onCrumbs();
  expect(ration.bytes).toBe(4 * kib);
  ration.onRead(4 * kib, 0);
  ration.onCrumbs();
  expect(read(ration, proof - 4 * kib, 0).every((size) => size === 4 * kib)).toBe(true);
});

test.for([
  ["a frame of a byte with its head of nine", 6553, 65_536, true],
  ["pieces of 24 bytes", 170, 4096, false],
  ["a few words, however small", 100, 200, false],
] as const)("[D07] crumbs: %s", ([, pieces, length, are]) => {
  expect(areCrumbs(pieces, length)).toBe(are);
});

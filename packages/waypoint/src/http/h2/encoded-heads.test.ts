/** What a connection to an endpoint remembers of heads that it wrote is bounded, in text and in memory (reference D09). */
import { expect, test } from "vitest";
import { HeaderBlock } from "../header-block.ts";
import { EncodedHeads } from "./encoded-heads.ts";

const dropped = new Uint8Array(0);

function blockOf(value: string): HeaderBlock {
  const block = new HeaderBlock();
  block.append("x-a", value);
  return block;
}

test("a head is kept from the second time on, in memory of its own", () => {
  const heads = new EncodedHeads();
  const out = Buffer.alloc(64 * 1024, "x");
  for (let times = 0; times < 2; times++)
    heads.ofRequest(blockOf("1"), dropped, "GET", "h", "/")!.keep(out, 10, 30, 1);
  const { bytes } = heads.ofRequest(blockOf("1"), dropped, "GET", "h", "/")!;
  expect([bytes?.length, bytes?.buffer.byteLength]).toEqual([20, 20]);
});

test("a slot that serves another head writes that one's bytes", () => {
  const heads = new EncodedHeads();
  const out = Buffer.from("first-second");
  const slot = heads.ofLines("a: 1\r\n")!;
  slot.isKnown = true;
  slot.keep(out, 0, 5, 1);
  const before = slot.bytes!.toString();
  slot.keep(out, 6, 12, 2);
  const copied = Buffer.alloc(6);
  expect([before, slot.copyTo(copied, 0), copied.toString()]).toEqual(["first", 6, "second"]);
  slot.keep(out, 0, 5, 3);
  expect(slot.copyTo(copied, 0)).toBe(5);
});

test("what is long is not kept, in whichever part of the head that is", () => {
  const heads = new EncodedHeads();
  const long = "x".repeat(2000);
  expect(heads.ofRequest(blockOf(long), dropped, "GET", "h", "/")).toBe(undefined);
  expect(heads.ofRequest(blockOf("1"), dropped, "GET", "h", `/${long}`)).toBe(undefined);
  expect(heads.ofRequest(blockOf("1"), dropped, "GET", long, "/")).toBe(undefined);
  expect(heads.ofResponse(blockOf("1"), dropped, long, 200, 0)).toBe(undefined);
  expect(heads.ofLines(long)).toBe(undefined);
});

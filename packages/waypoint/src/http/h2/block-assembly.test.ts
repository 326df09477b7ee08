import { expect, test } from "vitest";
import { HeldBytes } from "../held-bytes.ts";
import { BlockAssembly } from "./block-assembly.ts";

const limitBytes = 64 * 1024;
/** Of a block that is split into so many frames (RFC 9113 6.10). */
const pieces = (text: string, count: number): readonly Buffer[] =>
  Array.from({ length: count }, (_, at) => Buffer.alloc(1000, `${text}${at} `));

function assemble(assembly: BlockAssembly, frames: readonly Buffer[]): Buffer {
  assembly.begin(1, false);
  for (const frame of frames) assembly.add(frame, 0, frame.length);
  return assembly.view();
}

test("[D02] what one connection had to give up serves the next, whose block is its own from end to end", () => {
  const held = new HeldBytes(1 << 20);
  const endless = new BlockAssembly(limitBytes, held);
  expect(() => assemble(endless, pieces("attack", 70))).toThrow("a header block without end");
  const memory = endless.view().buffer;
  endless.drop();
  expect(held.held).toBe(0);

  const frames = pieces("honest", 40);
  const block = assemble(new BlockAssembly(limitBytes, held), frames);
  expect(block.buffer).toBe(memory);
  expect(block.equals(Buffer.concat(frames))).toBe(true);
});

test("blocks that grow at the same time have memory of their own, also after one was dropped twice", () => {
  const held = new HeldBytes(1 << 20);
  const ended = new BlockAssembly(limitBytes, held);
  assemble(ended, pieces("ended", 30));
  ended.drop();
  ended.drop();
  expect(held.held).toBe(0);

  const [one, other] = [new BlockAssembly(limitBytes, held), new BlockAssembly(limitBytes, held)];
  const [ones, others] = [pieces("one", 30), pieces("other", 30)];
  for (const [at, frame] of ones.entries()) {
    one.add(frame, 0, frame.length);
    other.add(others[at]!, 0, frame.length);
  }
  expect(one.view().equals(Buffer.concat(ones))).toBe(true);
  expect(other.view().equals(Buffer.concat(others))).toBe(true);
});

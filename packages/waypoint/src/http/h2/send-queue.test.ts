/** What waits to be sent on a stream takes about as much memory as it has bytes. */
import { expect, test } from "vitest";
import { copyLimit } from "../h1/message-writer.ts";
import { SendQueue } from "./send-queue.ts";

/** As a socket's reader lends it: a part of what was read. */
const read = Buffer.alloc(64 * 1024, "x");

test.for([copyLimit + 1, 16_384, 32_767])(
  "a piece of %i bytes does not keep what it was read into",
  (length) => {
    const queue = new SendQueue();
    queue.push(read.subarray(100, 100 + length));
    const taken = queue.take(length);
    expect(taken.equals(read.subarray(0, length))).toBe(true);
    expect(taken.buffer.byteLength).toBe(length);
  },
);

test("one that is most of what was read is kept as it is", () => {
  const queue = new SendQueue();
  queue.push(read.subarray(0, 32_768));
  expect(queue.take(32_768).buffer).toBe(read.buffer);
});

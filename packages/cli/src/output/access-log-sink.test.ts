import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { systemClock } from "@waystone/base/clock";
import { createLogger } from "@waystone/base/logger";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until, within } from "@waystone/testkit/within";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AccessLogSink } from "./access-log-sink.ts";

let folder: string;
let open: number[];
const logged: string[] = [];
const logger = createLogger({ level: "info", stream: { write: (line) => void logged.push(line) } });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "waystone-sink-"));
  open = [];
  logged.length = 0;
});

afterEach(() => {
  for (const descriptor of open) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

function openDescriptor(file: string, flags: number | string): number {
  const descriptor = openSync(file, flags);
  open.push(descriptor);
  return descriptor;
}

function makePipe(): string {
  const file = path.join(folder, "pipe");
  execFileSync("mkfifo", [file]);
  return file;
}

test("lines arrive in order, and their writers are told", async () => {
  const file = path.join(folder, "log");
  const sink = new AccessLogSink({ descriptor: openDescriptor(file, "w"), clock: systemClock, logger });
  const writes = ["a\n", "b\nc\n", "d\n"].map((lines) => sink.write(lines));
  await Promise.all(writes);
  expect(readFileSync(file, "utf8")).toBe("a\nb\nc\nd\n");
  await sink.flush(1000);
});

test("a full pipe is waited for, and nothing is lost or torn", async () => {
  const pipe = makePipe();
  const reader = openDescriptor(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const descriptor = openDescriptor(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  const sink = new AccessLogSink({ descriptor, clock: systemClock, logger });
  const line = `${"x".repeat(999)}\n`;
  const done = sink.write(line.repeat(300));
  let isDone = false;
  void done.then(() => (isDone = true));
  let text = "";
  const buffer = Buffer.alloc(64 * 1024);
  await until(() => {
    try {
      text += buffer.toString("latin1", 0, readSync(reader, buffer));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    return text.length === 300_000;
  }, "all of it came through the pipe");
  await until(() => isDone, "the writer is told");
  expect(text).toBe(line.repeat(300));
});

test("when nobody reads any more, that is said once, and writers are not held up", async () => {
  const pipe = makePipe();
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openDescriptor(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  closeSync(reader);
  const sink = new AccessLogSink({ descriptor, clock: systemClock, logger });
  await Promise.all([sink.write("a\n"), sink.write("b\n")]);
  await sink.write("c\n");
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("the access log cannot be written any more");
});

test("flushing gives up at its deadline", async () => {
  const pipe = makePipe();
  openDescriptor(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const descriptor = openDescriptor(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  const clock = new ManualClock();
  const sink = new AccessLogSink({ descriptor, clock, logger });
  void sink.write("x".repeat(1_000_000));
  let isFlushed = false;
  const flushed = sink.flush(50).then(() => {
    isFlushed = true;
  });
  clock.advance(49);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isFlushed).toBe(false);
  clock.advance(1);
  await within(flushed, "the deadline");
  // A write that is under way while its descriptor is closed would go to whoever has that number next.
  await until(() => clock.pending === 1, "it waits for room, and writes nothing meanwhile");
});

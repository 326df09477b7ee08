import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  describeProcess,
  endProcess,
  isRunning,
  parseProcessRecord,
  readProcessRecord,
  recordAndExec,
} from "./process-record.ts";

function recordOf(pid: number): NonNullable<ReturnType<typeof parseProcessRecord>> {
  const record = parseProcessRecord(describeProcess(pid) ?? "");
  if (record === undefined) throw new Error(`no record of process ${pid}`);
  return record;
}

describe("a process record", () => {
  test("of this process says that it runs", () => {
    const record = recordOf(process.pid);
    expect(record.pid).toBe(process.pid);
    expect(isRunning(record)).toBe(true);
  });

  test.for([
    { field: "startTime", is: "an id that another process has now" },
    { field: "bootId", is: "a process of before the machine was started again" },
  ])("$is does not run, and is not ended", ({ field }) => {
    const record = { ...recordOf(process.pid), [field]: "other" };
    expect(isRunning(record)).toBe(false);
    // Would end this very process.
    endProcess(record);
  });

  test("is read with blanks and parentheses in the program's name", () => {
    const stat = `42 (a) b (c) S 1 ${"0 ".repeat(17)}777 1 2\n`;
    expect(parseProcessRecord(`${stat}boot\n`)).toEqual({ pid: 42, startTime: "777", bootId: "boot" });
  });

  test.for(["", "42 (sh) S 1", `42 (sh) S 1 ${"0 ".repeat(17)}777 1 2\n`])(
    "that was cut short is none: %j",
    (text) => {
      expect(parseProcessRecord(text)).toBeUndefined();
    },
  );

  test("is written by the process itself before it becomes what it is to be", async () => {
    const scratch = mkdtempSync(path.join(os.tmpdir(), "waystone-record-"));
    const file = path.join(scratch, "record");
    const child = spawn("/bin/sh", ["-c", recordAndExec, "sh", file, "cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.write("x");
    await once(child.stdout, "data");
    const record = readProcessRecord(file);
    expect(record?.pid).toBe(child.pid);
    expect(record !== undefined && isRunning(record)).toBe(true);

    const gone = once(child, "exit");
    if (record !== undefined) endProcess(record);
    await gone;
    expect(record !== undefined && isRunning(record)).toBe(false);
    rmSync(scratch, { recursive: true });
  });
});

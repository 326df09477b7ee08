/** The limit that the kernel says, in its own words. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readDescriptorLimit } from "./descriptor-limit.ts";

const folder = mkdtempSync(path.join(tmpdir(), "waystone-limits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const header = "Limit                     Soft Limit           Hard Limit           Units     \n";

test.for([
  [
    "the soft limit binds",
    "Max open files            1024                 4096                 files\n",
    1024,
  ],
  [
    "no limit is none",
    "Max open files            unlimited            unlimited            files\n",
    Infinity,
  ],
  [
    "no such line is none",
    "Max cpu time              unlimited            unlimited            seconds\n",
    Infinity,
  ],
] as const)("%s", ([, line, expected]) => {
  const file = path.join(folder, "limits");
  writeFileSync(file, header + line);
  expect(readDescriptorLimit(file)).toBe(expected);
});

test("without /proc there is no limit that we know of", () => {
  expect(readDescriptorLimit(path.join(folder, "missing"))).toBe(Infinity);
});

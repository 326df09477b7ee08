/** Files that say what is expected, under testdata/: REFRESH_GOLDEN=1 writes them anew, and the difference is for reading. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";

export function expectGolden(file: string, text: string): void {
  const target = path.join(import.meta.dirname, "testdata", file);
  if (process.env["REFRESH_GOLDEN"] === "1") {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    return;
  }
  expect(text, `${file} (REFRESH_GOLDEN=1 rewrites it)`).toBe(readFileSync(target, "utf8"));
}

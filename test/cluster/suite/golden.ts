/** Files that say what is expected, under testdata/: REFRESH_GOLDEN=1 writes them anew, and the difference is for reading. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";

export function expectGolden(file: string, text: string): void {
  const target = targetOf(file);
  if (process.env["REFRESH_GOLDEN"] === "1") {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    return;
  }
  expect(text, `${file} (REFRESH_GOLDEN=1 rewrites it)`).toBe(readFileSync(target, "utf8"));
}

/** For what becomes so: where nothing is expected yet, false. */
export function isGolden(file: string, text: string): boolean {
  return existsSync(targetOf(file)) && readFileSync(targetOf(file), "utf8") === text;
}

function targetOf(file: string): string {
  return path.join(import.meta.dirname, "testdata", file);
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readElfNeeds, stripElf } from "./elf.ts";

const program = readFileSync(process.execPath);

describe.runIf(process.platform === "linux")("the program that runs this test", () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(path.join(os.tmpdir(), "waystone-elf-"));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  test("names the loader and the libraries that it needs", () => {
    const { interpreter, libraries } = readElfNeeds(program);
    expect(interpreter).toMatch(/^\/lib.*\/ld-linux-/);
    expect(libraries).toEqual(expect.arrayContaining(["libc.so.6", "libstdc++.so.6", "libm.so.6"]));
  });

  test("is smaller without its symbols, needs the same, and runs", () => {
    const stripped = stripElf(program);
    expect(stripped.length).toBeLessThan(program.length * 0.85);
    expect(readElfNeeds(stripped)).toEqual(readElfNeeds(program));
    const file = path.join(scratch, "program");
    writeFileSync(file, stripped, { mode: 0o755 });
    expect(execFileSync(file, ["-p", "process.version"], { encoding: "utf8" }).trim()).toBe(process.version);
  });
});

test("stripping what is stripped already changes nothing", () => {
  const stripped = stripElf(program);
  expect(stripElf(stripped).equals(stripped)).toBe(true);
});

test.for([
  ["a script", Buffer.from(`#!/bin/sh\n${" ".repeat(100)}`)],
  ["a 32-bit program", Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1]), Buffer.alloc(100)])],
  ["a file shorter than a header", Buffer.from([0x7f, 0x45, 0x4c, 0x46])],
] as const)("%s is refused", ([, file]) => {
  expect(() => stripElf(file)).toThrow("not a 64-bit little-endian ELF file");
});

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "./lock.ts";
import { describeProcess } from "./process-record.ts";

let folder: string;
let cluster: { name: string; lockFile: string };

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "waystone-lock-"));
  cluster = { name: "locked", lockFile: path.join(folder, "lock") };
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a lock is held while the action runs, and nothing is left of it", async () => {
  await withLock(cluster, async () => {
    expect(readdirSync(folder)).toEqual(["lock"]);
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("a lock is given back when the action fails", async () => {
  await expect(withLock(cluster, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(existsSync(cluster.lockFile)).toBe(false);
});

test("a lock whose holder runs is not taken, and says who holds it", async () => {
  writeFileSync(cluster.lockFile, describeProcess(process.ppid) ?? "");
  const taken = withLock(cluster, () => Promise.resolve());
  await expect(taken).rejects.toThrow(`process ${process.ppid} is at work on cluster locked`);
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("a lock whose holder has ended is nobody's", async () => {
  const stat = `42 (sh) S 1 ${"0 ".repeat(17)}777 1 2`;
  writeFileSync(cluster.lockFile, `${stat}\nanother boot\n`);
  expect(await withLock(cluster, () => Promise.resolve("done"))).toBe("done");
});

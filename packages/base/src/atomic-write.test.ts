import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomic } from "./atomic-write.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "waystone-atomic-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("makes the file, readable by its owner only", async () => {
  const file = path.join(folder, "snapshot");
  await writeFileAtomic(file, new Uint8Array([0, 255, 10]));
  expect([...(await readFile(file))]).toEqual([0, 255, 10]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("replaces a file and leaves nothing beside it", async () => {
  const file = path.join(folder, "snapshot");
  await writeFileAtomic(file, "old, and longer");
  await writeFileAtomic(file, "new", { mode: 0o640 });
  expect(await readFile(file, "utf8")).toBe("new");
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(["snapshot"]);
});

test("a reader never sees half of a content, whoever writes at the same time", async () => {
  const file = path.join(folder, "snapshot");
  const contents = ["a", "b", "c", "d"].map((letter) => letter.repeat(200_000));
  await writeFileAtomic(file, contents[0]!);
  const seen = new Set<string>();
  const read = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) seen.add(await readFile(file, "utf8"));
  };
  await Promise.all([read(), ...contents.map((content) => writeFileAtomic(file, content))]);
  expect(contents).toEqual(expect.arrayContaining([...seen]));
  expect(await readdir(folder)).toEqual(["snapshot"]);
});

test("where it can't write, the file stays as it was and nothing is left beside it", async () => {
  const file = path.join(folder, "taken");
  await mkdir(path.join(file, "by a folder"), { recursive: true });
  await expect(writeFileAtomic(file, "x")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken"]);
});

test("a missing folder is the system's error, naming it", async () => {
  await expect(writeFileAtomic(path.join(folder, "no", "file"), "x")).rejects.toThrow(/ENOENT.*no/u);
});

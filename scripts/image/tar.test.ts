import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as fc from "@waystone/testkit/fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layerEntries } from "./layer-entries.ts";
import { buildTar, fileHeader, padding, type TarEntry, tarEnd } from "./tar.ts";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "waystone-tar-"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** What the machine's own tar makes of it: mode, owner, size, name and link of each entry. */
function listed(archive: Buffer): readonly string[] {
  const file = path.join(scratch, "archive.tar");
  writeFileSync(file, archive);
  // It tells times by the clock on this machine's wall.
  const env = { ...process.env, TZ: "UTC" };
  const list = execFileSync("tar", ["--numeric-owner", "--full-time", "-tvf", file], {
    encoding: "utf8",
    env,
  });
  return list.trimEnd().split("\n");
}

const since1970 = "1970-01-01 00:00:00";

describe("a tar archive", () => {
  test("has files, folders and links without owner or time", () => {
    const entries: TarEntry[] = [
      { path: "bin", mode: 0o755 },
      { path: "bin/program", mode: 0o755, content: Buffer.alloc(513) },
      { path: "bin/alias", target: "program" },
      { path: "tmp", mode: 0o1777 },
      { path: "empty", mode: 0o600, content: Buffer.alloc(0) },
    ];
    expect(listed(buildTar(entries)).map((line) => line.replaceAll(/\s+/g, " "))).toEqual([
      `drwxr-xr-x 0/0 0 ${since1970} bin/`,
      `-rwxr-xr-x 0/0 513 ${since1970} bin/program`,
      `lrwxrwxrwx 0/0 0 ${since1970} bin/alias -> program`,
      `drwxrwxrwt 0/0 0 ${since1970} tmp/`,
      `-rw------- 0/0 0 ${since1970} empty`,
    ]);
  });

  test("is whole blocks, and ends with two empty ones", () => {
    const archive = buildTar([{ path: "a", mode: 0o644, content: Buffer.from("a") }]);
    expect(archive.length).toBe(512 + 512 + 1024);
    expect(archive.subarray(1024).every((byte) => byte === 0)).toBe(true);
  });

  test("is the same when large files are written around their content", () => {
    const content = Buffer.from("content");
    const pieces = [fileHeader("a", content.length), content, padding(content.length), tarEnd()];
    expect(Buffer.concat(pieces).equals(buildTar([{ path: "a", mode: 0o644, content }]))).toBe(true);
  });

  test("keeps every path of up to 255 bytes that has a slash in the right place", () => {
    const name = fc.stringMatching(/^[a-z0-9._@-]{1,60}$/).filter((each) => !/^\.+$/.test(each));
    const names = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `x/${parts.join("/")}`);
    fc.assert(
      fc.property(names, (file) => {
        const [line] = listed(buildTar([{ path: file, mode: 0o644, content: Buffer.from("x") }]));
        expect(line?.endsWith(` ${file}`)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test.for([
    ["a name of more than 100 bytes", { path: "x".repeat(101), mode: 0o644, content: Buffer.alloc(0) }],
    ["a path of more than 255 bytes", { path: "x/".repeat(130), mode: 0o755 }],
    ["a link to more than 100 bytes", { path: "x", target: "y".repeat(101) }],
  ] as const)("refuses %s", ([, entry]) => {
    expect(() => buildTar([entry])).toThrow(/does not fit/);
  });
});

describe("a layer", () => {
  test("has each folder once, before what it holds, and an own mode where one was given first", () => {
    const content = Buffer.alloc(0);
    const entries = layerEntries([
      { path: "/tmp", mode: 0o1777 },
      { path: "/app/a/one", mode: 0o644, content },
      { path: "/app/a/two", target: "one" },
      { path: "/tmp/three", mode: 0o600, content },
    ]);
    expect(entries).toEqual([
      { path: "tmp", mode: 0o1777 },
      { path: "app", mode: 0o755 },
      { path: "app/a", mode: 0o755 },
      { path: "app/a/one", mode: 0o644, content },
      { path: "app/a/two", target: "one" },
      { path: "tmp/three", mode: 0o600, content },
    ]);
  });
});

import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { typeUrls } from "@waystone/api/names";
import type { ResourceDelta } from "@waystone/xds/resource";
import { afterEach, beforeEach, expect, test } from "vitest";
import { route, service, slice, upserts, workload } from "../store/test-resources.ts";
import { lastGoodPath, loadLastGood, parseLastGood, saveLastGood } from "./last-good-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "waystone-"));
});
afterEach(() => rm(folder, { recursive: true }));

const deltas = upserts(service("shop/web"), slice("shop/web-1", "shop/web", ["10.0.0.1"]), route("shop/r"));

async function saved(content: readonly ResourceDelta[] = deltas): Promise<Uint8Array> {
  const file = lastGoodPath(folder);
  await saveLastGood(file, "shop/waypoint", content);
  return readFile(file);
}

test("what was saved is loaded, byte for byte and version for version", async () => {
  await saved();
  expect(await loadLastGood(lastGoodPath(folder), "shop/waypoint")).toEqual({
    found: true,
    deltas,
    resources: 3,
  });
});

test("only its owner may read it", async () => {
  await saved();
  expect((await stat(lastGoodPath(folder))).mode & 0o777).toBe(0o600);
});

test("Secrets and identities are never saved, and not loaded from a file that has them", async () => {
  const typeUrl = typeUrls.secret;
  const secret = { typeUrl, name: "shop/key", version: "1", body: new TextEncoder().encode("CANARY-KEY") };
  const content = await saved([
    ...upserts(workload("10.0.0.1", "shop/CANARY-POD"), service("shop/web")),
    { typeUrl, upserts: [secret], removals: [] },
  ]);
  expect(Buffer.from(content).includes("CANARY")).toBe(false);
  expect(parseLastGood(content, "shop/waypoint")).toMatchObject({ found: true, resources: 1 });
});

test.for([
  { rule: "it is empty", damage: () => new Uint8Array(), reason: "it is not a last-good file" },
  {
    rule: "it is something else",
    damage: () => Buffer.from("{}\nhello"),
    reason: "it is not a last-good file",
  },
  {
    rule: "it was cut off",
    damage: (content: Uint8Array) => content.subarray(0, content.length - 1),
    reason: /it has \d+ bytes of \d+: it was cut off/,
  },
  {
    rule: "a bit of it changed",
    damage: (content: Uint8Array) => {
      const damaged = new Uint8Array(content);
      damaged[damaged.length - 5]! ^= 1;
      return damaged;
    },
    reason: "its checksum does not match: it was damaged",
  },
  {
    rule: "a later version wrote it",
    damage: (content: Uint8Array) =>
      Buffer.from(Buffer.from(content).toString("latin1").replace('"version":1', '"version":2'), "latin1"),
    reason: "its format version is 2, this waypoint reads 1",
  },
])("a file is not used where $rule", async ({ damage, reason }) => {
  const parsed = parseLastGood(damage(await saved()), "shop/waypoint");
  expect(parsed).toEqual({
    found: false,
    reason: reason instanceof RegExp ? expect.stringMatching(reason) : reason,
  });
});

test("another waypoint's file is not used", async () => {
  expect(parseLastGood(await saved(), "shop/other")).toEqual({
    found: false,
    reason: "it belongs to waypoint shop/waypoint, this is shop/other",
  });
});

test("a file that is not there, or not readable, is a reason and no error", async () => {
  const file = lastGoodPath(folder);
  expect(await loadLastGood(file, "*")).toEqual({ found: false, reason: `${file} does not exist yet` });
  await writeFile(path.join(folder, "file"), "");
  const within = path.join(folder, "file", "inside");
  expect(await loadLastGood(within, "*")).toEqual({
    found: false,
    reason: expect.stringContaining("ENOTDIR"),
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImage, type ImageDescription } from "./image.ts";
import { runProgram } from "./run-program.ts";

const image: ImageDescription = {
  name: "cluster.test/thing:v1",
  entrypoint: ["/usr/bin/thing"],
  user: "65532",
  files: [
    { path: "/usr/bin/thing", content: Buffer.from("a program") },
    { path: "/etc/thing.conf", content: Buffer.alloc(1000, "x"), mode: 0o600 },
  ],
};

describe("an image archive", () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "waystone-image-"));
    writeFileSync(path.join(folder, "image.tar"), buildImage(image));
    await runProgram(["tar", "-xf", "image.tar"], { cwd: folder });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");
  const blobFile = (digest: string): string => `blobs/${digest.replace(":", "/")}`;

  test("is the same bytes for the same files", () => {
    expect(buildImage(image).equals(buildImage(image))).toBe(true);
  });

  test("names every blob by its own hash and size", async () => {
    const { manifests } = JSON.parse(read("index.json")) as { manifests: [{ digest: string; size: number }] };
    const manifest = read(blobFile(manifests[0].digest));
    expect(manifests[0].size).toBe(manifest.length);
    const { config, layers } = JSON.parse(manifest) as Record<"config", { digest: string }> & {
      layers: readonly { digest: string }[];
    };
    for (const { digest } of [manifests[0], config, ...layers]) {
      const sum = await runProgram(["sha256sum", blobFile(digest)], { cwd: folder });
      expect(`sha256:${sum.split(" ")[0]}`).toBe(digest);
    }
    expect(JSON.parse(read(blobFile(config.digest)))).toMatchObject({
      os: "linux",
      config: { Entrypoint: ["/usr/bin/thing"], User: "65532" },
      rootfs: { diff_ids: layers.map(({ digest }) => digest) },
    });
  });

  test("has each folder once, before what it holds, and the modes that were asked for", async () => {
    const { manifests } = JSON.parse(read("index.json")) as { manifests: [{ digest: string }] };
    const { layers } = JSON.parse(read(blobFile(manifests[0].digest))) as { layers: [{ digest: string }] };
    const list = await runProgram(["tar", "-tvf", blobFile(layers[0].digest)], { cwd: folder });
    const entries = list
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/\s+/));
    expect(entries.map(([mode, , size, , , name]) => `${mode} ${size} ${name}`)).toEqual([
      "drwxrwxrwt 0 tmp/",
      "drwxr-xr-x 0 etc/",
      "drwxr-xr-x 0 usr/",
      "drwxr-xr-x 0 usr/bin/",
      "-rwxr-xr-x 9 usr/bin/thing",
      "-rw------- 1000 etc/thing.conf",
    ]);
  });
});

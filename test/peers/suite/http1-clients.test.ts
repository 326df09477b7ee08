/** Clients of HTTP/1.1 (node:http, curl) before endpoints of HTTP/2 and of HTTP/1.1, with a proxy between them or not. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobHash, blobPieces } from "../harness/blob.ts";
import { type ChainsBed, openChains, shortChains } from "../harness/chains.ts";
import { askHttp1 } from "../harness/node-http1-client.ts";
import { runPeer } from "../harness/run-peer.ts";
import type { Address } from "../harness/waystone.ts";

const sizes = [0, 1, 65_536, 100_000_000] as const;

let bed: ChainsBed;
let folder: string;

beforeAll(async () => {
  bed = await openChains();
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-http1-"));
  for (const bytes of sizes) await writeFile(fileOf(bytes), Buffer.concat([...blobPieces(bytes)]));
});

afterAll(async () => {
  await bed.close();
  await rm(folder, { recursive: true });
});

function fileOf(bytes: number): string {
  return path.join(folder, `blob-${bytes}`);
}

describe.for(shortChains)("[R07] $name", (chain) => {
  const address = (): Address => bed.at(chain);
  // By HTTP/2 clients the largest pass through all of them (chains.test.ts).
  const played = chain.service === "node-h2" ? sizes : sizes.slice(0, -1);

  test.for(played)("a body of %i bytes in chunks, up, with trailers both ways", async (bytes) => {
    const answer = await askHttp1(address(), "/hash", {
      bodyBytes: bytes,
      headers: { te: "trailers", connection: "te", trailer: "x-asked" },
      trailers: { "x-asked": "this" },
    });
    expect([answer.status, answer.isWhole]).toEqual([200, true]);
    expect(answer.trailers).toMatchObject({
      "x-bytes": String(bytes),
      "x-sha256": blobHash(bytes),
      "x-asked": "this",
    });
  });

  test.for(played)("a body of %i bytes, down", async (bytes) => {
    const answer = await askHttp1(address(), `/blob?bytes=${bytes}`);
    expect([answer.status, answer.isWhole]).toEqual([200, true]);
    expect([answer.bytes, answer.sha256]).toEqual([bytes, blobHash(bytes)]);
  });

  test("both ways at once, in chunks of one byte", async () => {
    const answer = await askHttp1(address(), "/echo", { bodyBytes: 1000, piece: 1 });
    expect([answer.status, answer.sha256, answer.isWhole]).toEqual([200, blobHash(1000, 1), true]);
  });
});

describe.for(["node-h2", "node-h1"])("curl by HTTP/1.1 to %s", (service) => {
  test.for(service === "node-h2" ? sizes : sizes.slice(0, -1))(
    "%i bytes there and back, of a length that is said before",
    async (bytes) => {
      const { host, port } = bed.waystone.at(service);
      const out = path.join(folder, "out");
      const flags = ["-sS", "--http1.1", "-o", out, "-w", "%{http_version} %{http_code}", "-X", "POST"];
      const run = await runPeer("curl", [...flags, "-T", fileOf(bytes), `http://${host}:${port}/echo`]);
      expect([run.stdout, run.exitCode]).toEqual(["1.1 200", 0]);
      const came = createHash("sha256").update(await readFile(out));
      expect(came.digest("hex")).toBe(blobHash(bytes));
    },
  );
});

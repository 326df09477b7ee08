/** curl, nghttp and h2load as clients, nghttpd as an endpoint: nghttp2 on either side, on ports declared HTTP and HTTP/2. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { blobHash, blobPieces } from "../harness/blob.ts";
import { askOnce } from "../harness/node-client.ts";
import { type NodeEndpoint, openHttp1Endpoint, openHttp2Endpoint } from "../harness/node-endpoint.ts";
import { runPeer } from "../harness/run-peer.ts";
import { type RunningWaystone, startWaystone } from "../harness/waystone.ts";
import { peerProgram } from "../programs.ts";

const large = 100_000_000;

let folder: string;
let endpoints: readonly NodeEndpoint[];
let nghttpd: ProcessGroup;
let waystone: RunningWaystone;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-nghttp2-"));
  for (const bytes of [0, 1, 65_536, large])
    await writeFile(fileOf(bytes), Buffer.concat([...blobPieces(bytes)]));
  endpoints = [await openHttp2Endpoint(), await openHttp1Endpoint()];
  const port = await freePort();
  // Small windows and frames towards us; every answer has a trailer.
  const flags = ["--no-tls", "-a", "127.0.0.1", "-d", folder, "--trailer=x-checksum: abc", "--echo-upload"];
  nghttpd = ProcessGroup.start(peerProgram("nghttpd"), [...flags, "-w", "14", "-W", "15", String(port)], {});
  await untilListening({ host: "127.0.0.1", port }, nghttpd);
  waystone = await startWaystone([
    { name: "http2", appProtocol: "http2", endpointPort: endpoints[0]!.port },
    { name: "http", appProtocol: "http", endpointPort: endpoints[1]!.port },
    { name: "nghttpd", appProtocol: "http2", endpointPort: port },
  ]);
});

afterAll(async () => {
  await waystone.stop();
  await nghttpd.stop();
  for (const endpoint of endpoints) await endpoint.close();
  await rm(folder, { recursive: true });
});

function fileOf(bytes: number): string {
  return path.join(folder, `blob-${bytes}`);
}

function urlOf(service: string, target: string): string {
  const { host, port } = waystone.at(service);
  return `http://${host}:${port}${target}`;
}

describe.each(["http2", "http"])("on a port declared %s", (service) => {
  test.for([0, 1, 65_536, large])("curl downloads and uploads %i bytes", async (bytes) => {
    const out = path.join(folder, "out");
    const flags = ["-sS", "--http2-prior-knowledge", "-o", out, "-w", "%{http_version} %{http_code}"];
    const down = await runPeer("curl", [...flags, urlOf(service, `/blob?bytes=${bytes}`)]);
    expect([down.stdout, down.exitCode]).toEqual(["2 200", 0]);
    expect(
      createHash("sha256")
        .update(await readFile(out))
        .digest("hex"),
    ).toBe(blobHash(bytes));
    const up = await runPeer("curl", [...flags, "-T", fileOf(bytes), "-X", "POST", urlOf(service, "/echo")]);
    expect([up.stdout, up.exitCode]).toEqual(["2 200", 0]);
    expect(
      createHash("sha256")
        .update(await readFile(out))
        .digest("hex"),
    ).toBe(blobHash(bytes));
  });

  test.for([
    { name: "windows of 1 KiB", flags: ["-w", "10", "-W", "16"] },
    { name: "windows of one byte", flags: ["-w", "1"] },
    { name: "the largest windows", flags: ["-w", "30", "-W", "30"] },
    { name: "padding", flags: ["-b", "255"] },
    { name: "a header of 24 KiB over CONTINUATION frames", flags: ["--continuation"] },
    { name: "a small dynamic table", flags: ["-c", "128"] },
    { name: "a dynamic table that shrinks and grows", flags: ["-c", "1", "-c", "65536"] },
    { name: "an encoder without a table", flags: ["--encoder-header-table-size=0"] },
    { name: "100 copies of the request", flags: ["-m", "100"] },
    { name: "no dependencies between its streams", flags: ["--no-dep"] },
  ])("nghttp asks with $name", async ({ flags }) => {
    const args = [
      "-v",
      "-n",
      ...flags,
      "--trailer=x-asked: this",
      "-d",
      fileOf(65_536),
      urlOf(service, "/hash"),
    ];
    const { stdout, exitCode } = await runPeer("nghttp", args);
    expect(exitCode).toBe(0);
    const wanted = flags[0] === "-m" ? 100 : 1;
    expect(count(stdout, /recv \(stream_id=\d+\) :status: 200/g)).toBe(wanted);
    expect(count(stdout, new RegExp(`x-sha256: ${blobHash(65_536)}`, "g"))).toBe(wanted);
    expect(count(stdout, /x-asked: this/g)).toBeGreaterThanOrEqual(wanted);
    expect(stdout).not.toMatch(/recv RST_STREAM|error_code=(?!NO_ERROR)/);
  });

  test.for([
    { name: "4 connections of 25 streams", flags: ["-n", "20000", "-c", "4", "-m", "25"], count: 20_000 },
    { name: "1 connection of 100 streams", flags: ["-n", "10000", "-c", "1", "-m", "100"], count: 10_000 },
    {
      name: "windows of 1 KiB",
      flags: ["-n", "1000", "-c", "2", "-m", "10", "-w", "10", "-W", "16"],
      count: 1000,
    },
  ])("h2load asks with $name", async ({ flags, count: asked }) => {
    const { stdout } = await runPeer("h2load", [...flags, urlOf(service, "/small")]);
    expect(stdout).toContain(`${asked} succeeded, 0 failed, 0 errored, 0 timeout`);
    expect(stdout).toContain(`${asked} 2xx`);
  });

  // By curl 100 MB go to both.
  const played = service === "http2" ? [0, 1, large] : [0, 1];
  test.for(played)("nghttp uploads and downloads %i bytes", async (bytes) => {
    const args = ["-v", "-n", "-d", fileOf(bytes), urlOf(service, "/echo")];
    const { stdout, exitCode } = await runPeer("nghttp", args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`x-sha256: ${blobHash(bytes)}`);
    expect(receivedBytes(stdout)).toBe(bytes);
  });

  test("nghttp downloads in windows of one byte", async () => {
    const { stdout } = await runPeer("nghttp", ["-v", "-n", "-w", "1", urlOf(service, "/blob?bytes=500")]);
    expect(receivedBytes(stdout)).toBe(500);
    expect(count(stdout, /recv DATA frame <length=1,/g)).toBe(500);
  });

  test("h2load uploads and downloads at once", async () => {
    const flags = ["-n", "200", "-c", "2", "-m", "20", "-d", fileOf(65_536)];
    const { stdout } = await runPeer("h2load", [...flags, urlOf(service, "/echo")]);
    expect(stdout).toContain("200 succeeded, 0 failed, 0 errored, 0 timeout");
  });
});

test("h2load uploads and downloads 100 MB, twice at once", async () => {
  const flags = ["-n2", "-c1", "-m2", "-d", fileOf(large)];
  const { stdout } = await runPeer("h2load", [...flags, urlOf("http2", "/echo")]);
  expect(stdout).toContain("2 succeeded, 0 failed, 0 errored, 0 timeout");
  expect(stdout).toMatch(new RegExp(`\\(${2 * large}\\) data`));
});

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Of all DATA frames that nghttp tells of. */
function receivedBytes(stdout: string): number {
  const frames = stdout.matchAll(/recv DATA frame <length=(\d+),/g);
  return [...frames].reduce((sum, [, length]) => sum + Number(length), 0);
}

describe("nghttpd as the endpoint", () => {
  test.for([0, 1, 65_536, large])("%i bytes come with their trailer", async (bytes) => {
    const answer = await askOnce(waystone.at("nghttpd"), `/blob-${bytes}`, { headers: { te: "trailers" } });
    expect([answer.status, answer.bytes, answer.sha256]).toEqual([200, bytes, blobHash(bytes)]);
    expect(answer.trailers["x-checksum"]).toBe("abc");
  });

  test.for([0, 1, 65_536, large])("%i bytes come back as they went", async (bytes) => {
    const answer = await askOnce(waystone.at("nghttpd"), "/echo", { bodyBytes: bytes });
    expect([answer.status, answer.bytes, answer.sha256]).toEqual([200, bytes, blobHash(bytes)]);
  });

  test("curl has 100 MB back as it sent them, and nghttp a byte", async () => {
    const out = path.join(folder, "out");
    const flags = ["-sS", "--http2-prior-knowledge", "-o", out, "-w", "%{http_code}", "-X", "POST"];
    const run = await runPeer("curl", [...flags, "-T", fileOf(large), urlOf("nghttpd", "/echo")]);
    expect([run.stdout, run.exitCode]).toEqual(["200", 0]);
    const came = createHash("sha256").update(await readFile(out));
    expect(came.digest("hex")).toBe(blobHash(large));
    const { stdout } = await runPeer("nghttp", ["-v", "-n", "-d", fileOf(1), urlOf("nghttpd", "/echo")]);
    expect([receivedBytes(stdout), count(stdout, /x-checksum: abc/g)]).toEqual([1, 1]);
  });

  test("h2load gets 20,000 answers", async () => {
    const flags = ["-n", "20000", "-c", "4", "-m", "25"];
    const { stdout } = await runPeer("h2load", [...flags, urlOf("nghttpd", "/blob-1")]);
    expect(stdout).toContain("20000 succeeded, 0 failed, 0 errored, 0 timeout");
  });
});

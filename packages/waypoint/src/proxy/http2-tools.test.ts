/** Clients and servers that nobody here wrote: curl, nghttp2's nghttp, h2load and nginx. What is not installed is not asked. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { describe, expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { echo, useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const run = promisify(execFile);
const has = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(path.join(folder, program)));

async function openPlane(protocol: "http" | "http2") {
  if (protocol === "http") {
    const upstream = await rig.openUpstream({ answer: () => okAnswer });
    return await rig.openPlane({ upstreams: [upstream] });
  }
  const endpoint = await peers.endpoint(echo);
  return await rig.openPlane({ protocol, endpoints: [endpoint.key] });
}

describe.each(["http", "http2"] as const)("to endpoints of a port declared %s", (protocol) => {
  test.skipIf(!has("curl"))("curl asks and uploads with prior knowledge", async () => {
    const plane = await openPlane(protocol);
    const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-curl-"));
    const file = path.join(folder, "body");
    await writeFile(file, Buffer.alloc(300_000, "y"));
    const flags = ["-sS", "--http2-prior-knowledge", "-m", "10", "-o", "/dev/null", "-w"];
    const url = `http://127.0.0.1:${plane.port}/a`;
    const asked = await run("curl", [...flags, "%{http_version} %{http_code}", url]);
    expect(asked.stdout).toBe("2 200");
    const sent = await run("curl", [
      ...flags,
      "%{http_code} %{size_upload}",
      "--data-binary",
      `@${file}`,
      url,
    ]);
    expect(sent.stdout).toBe("200 300000");
    await rm(folder, { recursive: true });
  });

  test.skipIf(!has("h2load"))("h2load asks 2,000 times on 4 connections of 25 streams", async () => {
    const plane = await openPlane(protocol);
    const url = `http://127.0.0.1:${plane.port}/a`;
    const { stdout } = await run("h2load", ["-n", "2000", "-c", "4", "-m", "25", url]);
    expect(stdout).toContain("2000 succeeded, 0 failed, 0 errored, 0 timeout");
    expect(stdout).toContain("2000 2xx");
  });

  test.skipIf(!has("nghttp"))("nghttp asks with small windows, padding and trailers", async () => {
    const plane = await openPlane(protocol);
    const flags = ["-v", "-n", "-w", "10", "-W", "12", "-b", "7", "-m", "3", "--trailer=checksum: abc"];
    const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-nghttp-"));
    const file = path.join(folder, "body");
    await writeFile(file, Buffer.alloc(100_000, "z"));
    const { stdout } = await run("nghttp", [...flags, "-d", file, `http://127.0.0.1:${plane.port}/a`], {
      maxBuffer: 1 << 26,
    });
    expect(stdout).toContain(":status: 200");
    expect(stdout).not.toContain(
      "GOAWAY frame <length=8, flags=0x00, stream_id=0>\n          (last_stream_id=0, error_code=PROTOCOL_ERROR",
    );
    await rm(folder, { recursive: true });
  });
});

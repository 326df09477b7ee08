/**
 * The image that the suite's mesh pods name, made from the same sources: no node of ours can reach a registry. The program
 * is Istio's echo, as the suite's own image has it.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { programFile } from "../build/built-files.ts";
import { importImage } from "../containerd.ts";
import { buildImage, type ImageFile } from "../image.ts";
import { runProgram } from "../run-program.ts";
import type { RunningCluster } from "../running-cluster.ts";

/** As the manifests of the suite spell it, with imagePullPolicy IfNotPresent. */
const meshImage = "registry.k8s.io/gateway-api/echo-advanced:v1.5.1";

export async function loadEchoImage(cluster: RunningCluster): Promise<void> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-conformance-"));
  try {
    const files = [...(await programs()), ...(await certificate(scratch))];
    const archive = path.join(scratch, "echo.tar");
    const image = { name: meshImage, entrypoint: ["/usr/local/bin/server"], files };
    await writeFile(archive, buildImage(image));
    await importImage(cluster.state, cluster.nodes, archive);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `client` is what the suite calls in the pods, by its name alone. */
async function programs(): Promise<readonly ImageFile[]> {
  return await Promise.all(
    ["server", "client"].map(async (name) => {
      return { path: `/usr/local/bin/${name}`, content: await readFile(programFile(name)) };
    }),
  );
}

/** For the HTTPS port of the pods: no mesh test asks who it is. */
async function certificate(scratch: string): Promise<readonly ImageFile[]> {
  const names = ["cert.key", "cert.crt"] as const;
  const [key, crt] = names.map((name) => path.join(scratch, name));
  const request = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "30",
    "-subj",
    "/CN=echo",
  ];
  await runProgram([...request, "-keyout", key ?? "", "-out", crt ?? ""]);
  return await Promise.all(
    names.map(async (name) => {
      return { path: `/${name}`, content: await readFile(path.join(scratch, name)), mode: 0o644 };
    }),
  );
}

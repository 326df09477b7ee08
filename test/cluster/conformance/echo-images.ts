/**
 * The images that the suite's pods name, made from the same sources: no node of ours can reach a registry. In a mesh the program
 * is Istio's echo, as the suite's own image has it; behind Gateways mostly a smaller one.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { programFile } from "../build/built-files.ts";
import { importImage } from "../containerd.ts";
import { buildImage, type ImageDescription, type ImageFile } from "../image.ts";
import { runProgram } from "../run-program.ts";
import type { RunningCluster } from "../running-cluster.ts";

/** As the manifests of the suite spell it, with imagePullPolicy IfNotPresent. */
const meshImage = "registry.k8s.io/gateway-api/echo-advanced:v1.5.1";

/** Behind Gateways. The DNS server is for UDPRoutes, which no profile asks for: it only has to be there. */
const gatewayImages: Readonly<Record<string, string>> = {
  "registry.k8s.io/gateway-api/echo-basic:v1.5.1": "echo-basic",
  "registry.k8s.io/gateway-api/echo-basic:v1.6.0-dev.2": "echo-basic",
  "registry.k8s.io/gateway-api/echo-basic:v1.6.0-dev.3": "echo-basic",
  "registry.k8s.io/coredns/coredns:v1.12.2": "pause",
};

export async function loadEchoImage(cluster: RunningCluster): Promise<void> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-conformance-"));
  try {
    const files = [...(await programs()), ...(await certificate(scratch))];
    await loadImage(cluster, scratch, { name: meshImage, entrypoint: ["/usr/local/bin/server"], files });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export async function loadGatewayImages(cluster: RunningCluster): Promise<void> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-conformance-"));
  try {
    for (const [name, program] of Object.entries(gatewayImages)) {
      const files = [{ path: `/${program}`, content: await readFile(programFile(program)) }];
      await loadImage(cluster, scratch, { name, entrypoint: [`/${program}`], files });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function loadImage(
  { state, nodes }: RunningCluster,
  scratch: string,
  image: ImageDescription,
): Promise<void> {
  const archive = path.join(scratch, "image.tar");
  await writeFile(archive, buildImage(image));
  await importImage(state, nodes, archive);
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

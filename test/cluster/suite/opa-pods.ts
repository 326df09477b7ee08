/**
 * An authorizer in pods that nobody here wrote the parts of (test/peers/go/opa): gRPC by grpc-go, Envoy's published types, OPA's
 * engine. Its policy is Rego from a ConfigMap, as people keep it.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { peerProgram } from "../../peers/programs.ts";
import { importImage } from "../containerd.ts";
import { buildImage } from "../image.ts";
import type { RunningCluster } from "../running-cluster.ts";

const image = "cluster.test/opa:v1";
const port = 9191;

/** On every node; the program is built before the suite starts (test.ts), as a node has no way to what it is built from. */
export async function loadOpaImage({ state, nodes }: RunningCluster): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-opa-"));
  try {
    const archive = path.join(folder, "opa.tar");
    const content = await readFile(peerProgram("opa-peer"));
    const files = [{ path: "/opa-peer", content }];
    await writeFile(archive, buildImage({ name: image, entrypoint: ["/opa-peer"], files }));
    await importImage(state, nodes, archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A ConfigMap, a Deployment of one pod, and Service `opa` with port 9191. */
export function opaObjects(namespace: string, rego: string): readonly object[] {
  const metadata = { name: "opa", namespace };
  const labels = { app: "opa" };
  const container = {
    name: "opa",
    image,
    imagePullPolicy: "Never",
    args: [`:${port}`, "/policy/policy.rego"],
    ports: [{ name: "grpc", containerPort: port }],
    readinessProbe: {
      tcpSocket: { port: "grpc" },
      periodSeconds: 1,
      timeoutSeconds: 10,
      failureThreshold: 20,
    },
    volumeMounts: [{ name: "policy", mountPath: "/policy" }],
  };
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "policy.rego": rego } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [container],
            volumes: [{ name: "policy", configMap: { name: "opa" } }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ name: "grpc", port, targetPort: "grpc" }] },
    },
  ];
}

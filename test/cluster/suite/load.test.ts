/** `load` puts an image that nobody could pull on every node. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { programFile } from "../build/built-files.ts";
import { importImage } from "../containerd.ts";
import { buildImage } from "../image.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();

test("an image of one's own runs on each node", async () => {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-load-"));
  const archive = path.join(scratch, "image.tar");
  const name = "cluster.test/own:v1";
  const files = [{ path: "/own", content: await readFile(programFile("echo")) }];
  await writeFile(archive, buildImage({ name, entrypoint: ["/own"], files, user: "65532" }));
  await importImage(cluster.state, cluster.nodes, archive);
  await rm(scratch, { recursive: true });

  const pods = cluster.nodes.map((node) => `own-${node}`);
  const items = cluster.nodes.map((nodeName, at) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pods[at] },
    spec: {
      nodeName,
      restartPolicy: "Never",
      containers: [
        { name: "own", image: name, imagePullPolicy: "Never", args: ["lookup", "kubernetes.default.svc"] },
      ],
    },
  }));
  // A try before may have left them, at their end.
  await cluster.kubectl(["delete", "pod", "--ignore-not-found", ...pods]);
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const wait = ["wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=180s"];
  await cluster.kubectl([...wait, ...pods.map((pod) => `pod/${pod}`)]);
  for (const pod of pods) expect(await cluster.kubectl(["logs", pod])).toBe("198.18.128.1\n");
  await cluster.kubectl(["delete", "pod", "--wait=false", ...pods]);
});

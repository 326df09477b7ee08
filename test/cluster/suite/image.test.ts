/** The image in a namespace that allows only what Pod Security "restricted" allows, with a root that cannot be written. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImageOf, type WaystoneImage } from "../../../scripts/image/build-waystone-image.ts";
import { repositoryRoot } from "../../../scripts/run-command.ts";
import { copyCheckout } from "./copy-checkout.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "image";
let image: string;

beforeAll(async () => {
  image = await loadWaystoneImage(cluster);
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } });
});

afterAll(async () => {
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
});

async function apply(...items: readonly object[]): Promise<void> {
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

function podOf(
  name: string,
  container: object,
  volumes: readonly object[] = [],
): { readonly metadata: { readonly name: string } } {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 5,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "waystone",
          image,
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          ...container,
        },
      ],
      volumes,
    },
  };
  return pod;
}

async function waitFor(name: string, condition: string): Promise<void> {
  await cluster.kubectl(["-n", namespace, "wait", `--for=${condition}`, "--timeout=180s", `pod/${name}`]);
}

/** Anew, where a try before has left one. */
async function makePod(pod: { readonly metadata: { readonly name: string } }): Promise<void> {
  await cluster.kubectl(["-n", namespace, "delete", "pod", pod.metadata.name, "--ignore-not-found"]);
  await apply(pod);
}

/** What the container said until it ended well. */
async function runToEnd(name: string, container: object): Promise<string> {
  await makePod(podOf(name, container));
  await waitFor(name, "jsonpath={.status.phase}=Succeeded");
  return await cluster.kubectl(["-n", namespace, "logs", name]);
}

describe.concurrent("the image", () => {
  test("takes the commands of waystone as its arguments", async () => {
    expect(await runToEnd("version", { args: ["version"] })).toMatch(/^waystone \d+\.\d+\.\d+ \(node v26\./);
    expect(await runToEnd("help", { args: ["run", "--help"] })).toMatch(/^Usage: waystone run \[options\]\n/);
  });

  test("runs as nobody that the machine knows", async () => {
    const command = ["node", "-p", "[process.getuid(), process.getgid()].join(':')"];
    expect(await runToEnd("user", { command })).toBe("1337:1337\n");
  });

  test("looks up names as the pod is told to", async () => {
    const script = "dns.lookup('kubernetes.default', (error, address) => console.log(error ?? address))";
    expect(await runToEnd("names", { command: ["node", "-e", script] })).toBe("198.18.128.1\n");
  });

  test("has no shell", async () => {
    await makePod(podOf("shell", { command: ["/bin/sh", "-c", "exit 0"] }));
    await waitFor("shell", "jsonpath={.status.phase}=Failed");
    const status = await cluster.kubectl([
      "-n",
      namespace,
      "get",
      "pod",
      "shell",
      "-o",
      "jsonpath={.status}",
    ]);
    expect(status).toContain("no such file or directory");
  });
});

test("a server with its worker threads needs no place to write to, and answers commands in its container", async () => {
  const folder = path.join(repositoryRoot, "examples/canary/manifests");
  const files = await readdir(folder);
  const texts = await Promise.all(files.map(async (file) => await readFile(path.join(folder, file), "utf8")));
  await apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "manifests", namespace },
    data: Object.fromEntries(files.map((file, at) => [file, texts[at]])),
  });
  await makePod(
    podOf(
      "server",
      {
        args: ["run", "-f", "/manifests"],
        volumeMounts: [{ name: "manifests", mountPath: "/manifests", readOnly: true }],
        readinessProbe: {
          exec: { command: ["waystone", "status", "--admin", "15000"] },
          periodSeconds: 1,
          timeoutSeconds: 5,
        },
      },
      [{ name: "manifests", configMap: { name: "manifests" } }],
    ),
  );
  await waitFor("server", "condition=Ready");
  const command = ["waystone", "status", "--admin", "15000"];
  const status = await cluster.kubectl(["-n", namespace, "exec", "server", "--", ...command]);
  expect(status).toMatch(/shop\s+web/);
});

describe("built in another folder, with no layer made before", () => {
  let scratch: string;
  let built: WaystoneImage;

  beforeAll(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-checkout-"));
    // The sources of now: they may have changed since the image was loaded.
    await copyCheckout(repositoryRoot, scratch);
    built = await buildImageOf(scratch);
  });

  afterAll(async () => await rm(scratch, { recursive: true }));

  test("it is the same image", async () => {
    const other = await mkdtemp(path.join(os.tmpdir(), "waystone-checkout-"));
    await copyCheckout(scratch, other);
    const again = await buildImageOf(other);
    await rm(other, { recursive: true });
    expect(again.digest).toBe(built.digest);
    expect(again.layers.map(({ digest }) => digest)).toEqual(built.layers.map(({ digest }) => digest));
  });

  test("it is less than 90 MB to pull", () => {
    const bytes = built.layers.reduce((sum, { size }) => sum + size, 0);
    expect(bytes).toBeLessThan(90e6);
  });
});

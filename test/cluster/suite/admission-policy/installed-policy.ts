/**
 * The chart's admission policies alone, rendered by Helm for a release of their own, with the accounts that they exempt. The
 * API server takes a policy up a moment after it has been written: `install` returns when it has.
 */
import path from "node:path";
import { runProgram } from "../../run-program.ts";
import type { RunningCluster } from "../../running-cluster.ts";
import { until } from "../../until.ts";

const chart = path.resolve(import.meta.dirname, "../../../../charts/waystone");
const templates = ["policy", "copies", "guards"].map((each) => `templates/admission-${each}.yaml`);
const served = ["MutatingAdmissionPolicy", "ValidatingAdmissionPolicy"].map(
  (kind) => `admissionregistration.k8s.io/v1/${kind}`,
);

export class InstalledPolicy {
  readonly #cluster: RunningCluster;
  readonly #manifest: string;
  readonly namespace: string;

  private constructor(cluster: RunningCluster, namespace: string, manifest: string) {
    this.#cluster = cluster;
    this.namespace = namespace;
    this.#manifest = manifest;
  }

  /** `namespace` is the release's. */
  static async install(cluster: RunningCluster, namespace: string): Promise<InstalledPolicy> {
    const accounts = ["controller", "restore"].flatMap((role) =>
      accountObjects(namespace, `waystone-${role}`),
    );
    const items = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, ...accounts];
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const policies = await renderPolicies(cluster, namespace);
    await cluster.kubectl(["apply", "-f", "-"], policies);
    const installed = new InstalledPolicy(cluster, namespace, policies);
    await installed.#whenInForce();
    return installed;
  }

  /** The user name of an account of the release, as the API server knows it. */
  account(name: "waystone-controller" | "waystone-restore"): string {
    return `system:serviceaccount:${this.namespace}:${name}`;
  }

  async remove(): Promise<void> {
    await this.#cluster.kubectl(["delete", "--ignore-not-found", "-f", "-"], this.#manifest);
    const bindings = ["waystone-controller", "waystone-restore"].map((name) => `${this.namespace}-${name}`);
    await this.#cluster.kubectl(["delete", "--ignore-not-found", "clusterrolebinding", ...bindings]);
    await this.#cluster.kubectl(["delete", "namespace", this.namespace, "--wait=false"]);
  }

  /** Each policy is asked for something that only it does; nothing is stored. */
  async #whenInForce(): Promise<void> {
    let last = "";
    await until(
      async () => {
        last = await this.#probe();
        return last === "";
      },
      {
        deadlineMs: 60_000,
        everyMs: 200,
        describe: () => `the admission policies are not in force: ${last}`,
      },
    );
  }

  async #probe(): Promise<string> {
    const dryRun = ["create", "--dry-run=server", "-o", "json", "-f", "-"];
    const forged = await this.#cluster.tryKubectl(dryRun, JSON.stringify(probe({ original: "" })));
    if (forged.exitCode === 0) return "guard-capture admits a forged mark";
    const copied = await this.#cluster.tryKubectl(
      dryRun,
      JSON.stringify(probe({ original: '{"selector":{"app":"probe"},"targetPorts":{}}' })),
    );
    if (!copied.stdout.includes('"app": "probe"')) return `restore-copies: ${copied.stderr}`;
    const name = "probe";
    const captured = probe({ original: "{}" });
    const as = ["--as", this.account("waystone-controller"), "-n", this.namespace];
    await this.#cluster.tryKubectl([...as, "create", "-f", "-"], JSON.stringify(captured));
    const patch = '{"spec":{"selector":{"app":"probe"}}}';
    const patched = await this.#cluster.tryKubectl([
      "-n",
      this.namespace,
      "patch",
      "service",
      name,
      "--dry-run=server",
      "-o",
      "json",
      "-p",
      patch,
    ]);
    return patched.stdout.includes("wanted-selector") ? "" : `keep-capture: ${patched.stderr}`;
  }
}

function probe({ original }: { readonly original: string }): unknown {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "probe",
      annotations: { "waystone.dev/captured-by": "a/b", "waystone.dev/original": original },
    },
    spec: { selector: { "waystone.dev/waypoint": "b" }, ports: [{ port: 80 }] },
  };
}

function accountObjects(namespace: string, name: string): readonly unknown[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: `${namespace}-${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}

async function renderPolicies(cluster: RunningCluster, namespace: string): Promise<string> {
  return await runProgram(
    cluster.onNode("node-1", [
      "helm",
      "template",
      "waystone",
      chart,
      "--namespace",
      namespace,
      ...templates.flatMap((file) => ["--show-only", file]),
      ...served.flatMap((kind) => ["--api-versions", kind]),
    ]),
    { environment: cluster.environment },
  );
}

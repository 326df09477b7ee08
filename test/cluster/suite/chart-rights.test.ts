/** What the accounts of the chart may do, and people by it: golden lists of `kubectl auth can-i --list`, and tries. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { until } from "../until.ts";
import { expectGolden, isGolden } from "./golden.ts";
import { releaseNamespace, template } from "./helm.ts";
import {
  installChart,
  makeReleaseNamespace,
  removeReleaseNamespace,
  uninstallChart,
} from "./installed-chart.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();

beforeAll(async () => {
  await makeReleaseNamespace(cluster);
  await installChart(cluster, "helm");
});

afterAll(async () => {
  await uninstallChart(cluster, "helm");
  await removeReleaseNamespace(cluster);
});

const controller = `system:serviceaccount:${releaseNamespace}:waystone-controller`;
const restore = `system:serviceaccount:${releaseNamespace}:waystone-restore`;

test.for([
  ["any namespace", "default", "controller-in-any-namespace"],
  ["its own namespace", releaseNamespace, "controller-in-its-own-namespace"],
] as const)("the controller's rights in %s are those of the golden list", async ([, namespace, file]) => {
  await expectRights(`rights-of-${file}.txt`, controller, namespace);
});

test("the restore job's rights are those of the golden lists, and it has them during an uninstall alone", async () => {
  // What a try before has taken away, the API server forgets a moment later.
  await until(async () => (await listRights(restore, releaseNamespace)) === "", {
    deadlineMs: 60_000,
    describe: () => "it has rights already",
  });
  const rendered = await template("helm", ["--show-only=templates/restore-hook/rbac.yaml"]);
  const list = JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: rendered.map(({ object }) => object),
  });
  onTestFinished(async () => void (await cluster.kubectl(["delete", "--ignore-not-found", "-f", "-"], list)));
  await cluster.kubectl(["apply", "-f", "-"], list);
  await expectRights("rights-of-restore-in-any-namespace.txt", restore, "default");
  await expectRights("rights-of-restore-in-its-own-namespace.txt", restore, releaseNamespace);
});

test("the controller makes and changes the CA's ConfigMap anywhere, and no other", async () => {
  const apply = async (name: string): Promise<string> => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data: {} };
    const args = ["apply", "--server-side", "--dry-run=server", `--as=${controller}`, "-f", "-"];
    const { stdout, stderr } = await cluster.tryKubectl(args, JSON.stringify(map));
    return stdout + stderr;
  };
  let said = "";
  await until(async () => (said = await apply("waystone-ca")).includes("serverside-applied"), {
    deadlineMs: 60_000,
    describe: () => said,
  });
  expect(said).toBe("configmap/waystone-ca serverside-applied (server dry run)\n");
  expect(await apply("other")).toContain('configmaps "other" is forbidden');
});

// A BackendTLSPolicy may name any ConfigMap of its namespace, and RBAC cannot say "those that are named".
test("the controller may list the ConfigMaps of all namespaces, and no Secrets", async () => {
  const list = async (kind: string): Promise<number> =>
    (await cluster.tryKubectl(["get", kind, "-A", `--as=${controller}`])).exitCode;
  expect(await list("configmaps")).toBe(0);
  expect(await list("secrets")).not.toBe(0);
});

test.for([
  ["admin", "release", "services", "yes"],
  ["edit", "release", "services", "no"],
  ["admin", "create", "waypointparameters", "yes"],
  ["edit", "create", "waypointparameters", "yes"],
  ["view", "create", "waypointparameters", "no"],
  ["view", "list", "waypointparameters", "yes"],
] as const)(
  "a person who is %s of a namespace may %s %s of waystone.dev there: %s",
  async ([role, verb, resource, answer]) => {
    const person = `${verb}-${role}`;
    const bind = [`--clusterrole=${role}`, `--user=${person}`, "--namespace=default"];
    onTestFinished(async () => {
      await cluster.kubectl(["delete", "rolebinding", person, "-n", "default", "--ignore-not-found"]);
    });
    await cluster.kubectl(["create", "rolebinding", person, ...bind]);
    const attributes = { namespace: "default", verb, group: "waystone.dev", resource };
    // A role that others are added to learns of them a moment later.
    const isAnswered = async (): Promise<boolean> =>
      (await isAllowed(person, attributes)) === (answer === "yes");
    await until(isAnswered, { deadlineMs: 60_000, describe: () => `the answer is not ${answer}` });
  },
);

/** Not `kubectl auth can-i`: that knows only resources that the API server serves, and ours for `release` is none. */
async function isAllowed(user: string, resourceAttributes: object): Promise<boolean> {
  const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user, resourceAttributes },
  };
  const answer = await cluster.kubectl(["create", `--raw=${path}`, "-f", "-"], JSON.stringify(review));
  return (JSON.parse(answer) as { readonly status: { readonly allowed: boolean } }).status.allowed;
}

/** Roles and bindings are in force a moment after they were written. */
async function expectRights(file: string, account: string, namespace: string): Promise<void> {
  const end = performance.now() + 60_000;
  let rights = await listRights(account, namespace);
  while (!isGolden(`chart/${file}`, rights) && performance.now() < end)
    rights = await listRights(account, namespace);
  expectGolden(`chart/${file}`, rights);
}

/** One line for each resource, without what Kubernetes lets every account do. */
async function listRights(account: string, namespace: string): Promise<string> {
  const list = async (as: string): Promise<readonly string[]> => {
    const table = await cluster.kubectl(["auth", "can-i", "--list", "-n", namespace, `--as=${as}`]);
    const rows = table.split("\n").filter((line) => line !== "" && !/^(Resources| )/.test(line));
    return rows.map((row) => row.replaceAll(/ {2,}/g, "  ").replace("  []", ""));
  };
  const everyones = new Set(await list(`system:serviceaccount:${namespace}:default`));
  const rights = (await list(account)).filter((row) => !everyones.has(row));
  return rights
    .toSorted()
    .map((row) => `${row}\n`)
    .join("");
}

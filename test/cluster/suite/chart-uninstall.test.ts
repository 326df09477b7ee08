/**
 * `helm uninstall` on a cluster in use: first everything is given back, then nothing of Waystone's is left but its CRDs. What
 * is to be given back is laid out as the controller would have (design/0002), so that this holds for the job alone.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { until } from "../until.ts";
import { chartFolder, helms, releaseNamespace, runHelm } from "./helm.ts";
import { makeReleaseNamespace, removeReleaseNamespace, uninstallChart } from "./installed-chart.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "uninstall";
const controller = `system:serviceaccount:${releaseNamespace}:waystone-controller`;
const crds = (await gatewayApiCrds("v1.6.3", "standard")).flatMap((file) => ["-f", file]);
const ours = { "app.kubernetes.io/managed-by": "waystone" };

let image: string;

beforeAll(async () => {
  image = await loadWaystoneImage(cluster);
  await cluster.kubectl(["apply", "--server-side", ...crds]);
  await cluster.kubectl(["wait", "--for=condition=Established", "crd/gateways.gateway.networking.k8s.io"]);
  await makeReleaseNamespace(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
});

afterAll(async () => {
  await clearAway();
  await cluster.kubectl(["delete", "namespace", namespace]);
  await removeReleaseNamespace(cluster);
  await cluster.kubectl(["delete", "--ignore-not-found", ...crds]);
});

/** What a test has left. Where the job failed, Gateways would wait for their finalizers for ever. */
async function clearAway(): Promise<void> {
  for (const each of helms) await uninstallChart(cluster, each);
  const gateways = (await namesOf("gateways")).filter((name) => name !== "");
  const free = ["--type=merge", "-p", '{"metadata":{"finalizers":null}}'];
  if (gateways.length > 0) await cluster.kubectl(["patch", "-n", namespace, ...gateways, ...free]);
  await cluster.kubectl(["delete", "gateway,service", "--all", "-n", namespace]);
}

describe.for(helms)("by %s", (helm) => {
  const web = `web-${helm}`;
  const wanted = { selector: { app: web }, ports: [{ name: "http", port: 80, targetPort: "http" }] };

  test("every Service is given back, and the rest goes", async () => {
    await clearAway();
    const [repository = "", tag = ""] = image.split(":");
    const values = `--set=image.repository=${repository},image.tag=${tag},image.pullPolicy=Never`;
    const release = ["waystone", `--namespace=${releaseNamespace}`, "--wait", "--timeout=180s"];
    await runHelm(cluster, helm, ["install", ...release, chartFolder, values]);
    await apply([object("v1", "Service", web, {}, { spec: wanted })]);
    const before = await readService();
    // From here on as the controller leaves things: with it stopped, for it would put some of them right.
    await cluster.kubectl([
      "scale",
      "deployment/waystone-controller",
      "-n",
      releaseNamespace,
      "--replicas=0",
    ]);
    const pods = ["-l", "app.kubernetes.io/component=controller", "-n", releaseNamespace];
    await cluster.kubectl(["wait", "--for=delete", "--timeout=180s", "pod", ...pods]);
    await capture();
    expect((await readService()).spec).not.toEqual(before.spec);

    await runHelm(cluster, helm, ["uninstall", "waystone", `--namespace=${releaseNamespace}`]);
    expect(await readService()).toEqual(before);
    // Kubernetes takes the shadow's slices away after it.
    await untilLeft(async () => await namesOf("endpointslices"), 1);
    expect(
      await namesOf("services,endpointslices,configmaps,serviceaccounts,deployments.apps,gateways"),
    ).toEqual([
      "configmap/kube-root-ca.crt",
      expect.stringMatching(`^endpointslice.discovery.k8s.io/${web}-`),
      "gateway.gateway.networking.k8s.io/declared",
      `service/${web}`,
      "serviceaccount/default",
    ]);
    const finalizers = ["-o", "jsonpath={.metadata.finalizers}"];
    expect(await cluster.kubectl(["get", "gateway", "declared", "-n", namespace, ...finalizers])).toBe("");
  });

  test("nothing is left in the namespace of the release, and of the cluster's kinds the CRDs alone", async () => {
    const kinds = "all,leases,secrets,configmaps,serviceaccounts,roles,rolebindings,poddisruptionbudgets";
    // Pods are collected after the Deployment.
    const list = async (): Promise<readonly string[]> =>
      (await cluster.kubectl(["get", kinds, "-n", releaseNamespace, "-o", "name"])).trim().split("\n");
    await untilLeft(list, 2);
    expect((await list()).toSorted()).toEqual(["configmap/kube-root-ca.crt", "serviceaccount/default"]);
    const policies = ["mutating", "validating"].flatMap((each) => [
      `${each}admissionpolicies`,
      `${each}admissionpolicybindings`,
      `${each}webhookconfigurations`,
    ]);
    const wide = ["clusterroles", "clusterrolebindings", "gatewayclasses", "crds", ...policies].join();
    const names = (await cluster.kubectl(["get", wide, "-o", "name"])).split("\n");
    expect(names.filter((name) => name.includes("waystone"))).toEqual([
      "customresourcedefinition.apiextensions.k8s.io/authenticationpolicies.waystone.dev",
      "customresourcedefinition.apiextensions.k8s.io/authorizationpolicies.waystone.dev",
      "customresourcedefinition.apiextensions.k8s.io/waypointparameters.waystone.dev",
    ]);
  });

  /** One captured Service, a Gateway that somebody declared and one that the controller made, both in use. */
  async function capture(): Promise<void> {
    const inUse = ["waystone.dev/in-use"];
    const listeners = [{ name: "mesh", port: 15008, protocol: "HTTP" }];
    const spec = { gatewayClassName: "waystone-waypoint", listeners };
    const gateway = "gateway.networking.k8s.io/v1";
    await apply([
      object(gateway, "Gateway", "declared", { finalizers: inUse }, { spec }),
      object(gateway, "Gateway", "made", { finalizers: inUse, labels: ours }, { spec }),
      object("v1", "ConfigMap", "waystone-ca", { labels: ours }),
      object("v1", "ServiceAccount", "declared", { labels: ours }),
    ]);
    const shadow = {
      labels: { ...ours, "waystone.dev/shadow-of": web },
      annotations: {
        "waystone.dev/waypoint": `${namespace}/declared`,
        "waystone.dev/waypoint-ports": '{"80":10001}',
      },
    };
    const asController = [`--as=${controller}`];
    await apply(
      [object("v1", "Service", `${web}-shadow-00000`, shadow, { spec: { ...wanted, clusterIP: "None" } })],
      asController,
    );
    const original = JSON.stringify({ selector: { app: web }, targetPorts: { "80/TCP": "http" } });
    const marks = { "waystone.dev/captured-by": `${namespace}/declared`, "waystone.dev/original": original };
    const patch = {
      metadata: { annotations: marks },
      spec: {
        selector: { app: null, "waystone.dev/waypoint": "declared" },
        ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: 10_001 }],
      },
    };
    const merge = ["patch", "service", web, "-n", namespace, "--type=merge", "-p", JSON.stringify(patch)];
    await cluster.kubectl([...merge, ...asController]);
  }

  async function readService(): Promise<{ readonly spec: object }> {
    const json = await cluster.kubectl(["get", "service", web, "-n", namespace, "-o", "json"]);
    const service = JSON.parse(json) as { metadata: { resourceVersion?: string }; spec: object };
    delete service.metadata.resourceVersion;
    return service;
  }
});

function object(
  apiVersion: string,
  kind: string,
  name: string,
  metadata: object = {},
  rest: object = {},
): object {
  return { apiVersion, kind, metadata: { name, namespace, ...metadata }, ...rest };
}

async function apply(items: readonly object[], flags: readonly string[] = []): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectl(["create", "-f", "-", ...flags], list);
}

async function untilLeft(list: () => Promise<readonly string[]>, count: number): Promise<void> {
  let last: readonly string[] = [];
  const isSo = async (): Promise<boolean> => (last = await list()).length === count;
  await until(isSo, { deadlineMs: 60_000, everyMs: 300, describe: () => `left: ${last.join(", ")}` });
}

async function namesOf(kinds: string): Promise<readonly string[]> {
  const names = await cluster.kubectl(["get", kinds, "-n", namespace, "-o", "name"]);
  return names.trim().split("\n").toSorted();
}

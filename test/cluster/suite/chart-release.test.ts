/** The chart installed and uninstalled by Helm 4 and 3, with nobody there to restore anything: what is said, and what is left. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chartFolder, helms, releaseNamespace, tryHelm } from "./helm.ts";
import {
  installChart,
  makeReleaseNamespace,
  removeReleaseNamespace,
  uninstallChart,
} from "./installed-chart.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();

beforeAll(async () => await makeReleaseNamespace(cluster));
afterAll(async () => await removeReleaseNamespace(cluster));

describe.for(helms)("%s", (helm) => {
  test("says the next two commands after an install, and what the cluster lacks", async () => {
    await uninstallChart(cluster, helm);
    const notes = await installChart(cluster, helm);
    expect(notes).toContain("kubectl annotate namespace NAME waystone.dev/use-waypoint=waypoint");
    expect(notes).toContain("waystone status -n NAME");
    const hasGatewayApi = (await cluster.tryKubectl(["get", "httproutes"])).exitCode === 0;
    expect(notes.includes("First the Gateway API")).toBe(!hasGatewayApi);
    expect(notes).not.toContain("does not serve MutatingAdmissionPolicy");
  });

  test("is told that a second Waystone is one too many", async () => {
    const install = ["install", "another", chartFolder, "-n", "default"];
    const { exitCode, stderr } = await tryHelm(cluster, helm, install);
    expect(exitCode).not.toBe(0);
    const owned = 'key "meta.helm.sh/release-name" must equal "another": current value is "waystone"';
    expect(stderr).toContain(owned);
  });

  test("uninstalls nothing while the job that restores cannot run", async () => {
    const uninstall = ["uninstall", "waystone", "-n", releaseNamespace, "--timeout=3s"];
    expect((await tryHelm(cluster, helm, uninstall)).exitCode).not.toBe(0);
    const kinds = "deployments,jobs,roles,serviceaccounts";
    const kept = await cluster.kubectl(["get", kinds, "-n", releaseNamespace, "-o", "name"]);
    expect(kept.trim().split("\n").toSorted()).toEqual([
      "deployment.apps/waystone-controller",
      "job.batch/waystone-restore",
      "role.rbac.authorization.k8s.io/waystone-controller",
      "serviceaccount/default",
      "serviceaccount/waystone-controller",
    ]);
  });

  test("leaves the CRDs, where it is asked again and told to restore nothing, and nothing else", async () => {
    await uninstallChart(cluster, helm);
    const policies = ["mutating", "validating"].flatMap((each) => [
      `${each}admissionpolicies`,
      `${each}admissionpolicybindings`,
    ]);
    const kinds = ["clusterroles", "clusterrolebindings", "crds", ...policies].join();
    const left = await cluster.kubectl(["get", kinds, "-o", "name"]);
    expect(left.split("\n").filter((name) => name.includes("waystone"))).toEqual([
      "customresourcedefinition.apiextensions.k8s.io/authenticationpolicies.waystone.dev",
      "customresourcedefinition.apiextensions.k8s.io/authorizationpolicies.waystone.dev",
      "customresourcedefinition.apiextensions.k8s.io/waypointparameters.waystone.dev",
    ]);
    const job = ["delete", "job", "waystone-restore", "-n", releaseNamespace, "--ignore-not-found"];
    await cluster.kubectl(job);
  });
});

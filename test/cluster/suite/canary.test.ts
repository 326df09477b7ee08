/**
 * The canary of the README by its own commands, with the example's files as they are; then the ways in which a new user goes
 * wrong, and the way out: un-enrol and uninstall.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Service } from "@waystone/api/kubernetes/core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { sized } from "./full-run.ts";
import { releaseNamespace, runHelm } from "./helm.ts";
import { installWaystone, uninstallWaystone, waystone } from "./installed-waystone.ts";
import { boundCondition, comparable, getService, untilCaptured, untilReleased } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { loadWaystoneImage } from "./waystone-image.ts";
import { until } from "../until.ts";

const cluster = suiteCluster();
const example = path.resolve(import.meta.dirname, "../../../examples/kubernetes/canary");
let before: unknown;
/** As a backup would have it. */
let captured: Service | undefined;
let installedAt = 0;
/** What is promised; a run in passing, on a machine that builds something else, gets more time. */
const limitSeconds = sized({ short: 240, full: 60 });
const capturedBy = "waystone.dev/captured-by";

beforeAll(async () => {
  await loadWaystoneImage(cluster);
  await cluster.kubectl(["apply", "-f", path.join(example, "shop.yaml")]);
  await cluster.kubectl(["-n", "shop", "rollout", "status", "deployment", "--timeout=180s"]);
  before = comparable(await getService(cluster, "shop/web"));
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", "shop", "--wait=false"]);
}, 480_000);

/** From a pod, by name: nobody knows of a waypoint. Connections are fresh, so that both waypoints are asked. */
async function ask(
  count: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const script = `(async () => {
    for (let n = 0; n < ${count}; n++) {
      const answer = await fetch("http://web.shop/", { headers: ${JSON.stringify({ ...headers, connection: "close" })} });
      console.log(answer.status + " " + (await answer.text()).trim());
    }
  })()`;
  const from = ["-n", "shop", "exec", "deploy/web-canary", "--", "node", "-e", script];
  return (await cluster.kubectl(from)).trim().split("\n");
}

/** What our own command says, once that is in it: status follows what it is about at some distance. */
async function untilSays(words: RegExp, ...command: readonly string[]): Promise<string> {
  let said = "";
  const ask = async (): Promise<boolean> => {
    said = await waystone(cluster, ...command).catch(String);
    return words.test(said);
  };
  await until(ask, {
    deadlineMs: 60_000,
    everyMs: 500,
    describe: () => `waystone ${command.join(" ")}: ${said}`,
  });
  return said;
}

function releases(answers: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const release = /^200 web (\w+) at /.exec(answer)?.[1] ?? answer;
    counts[release] = (counts[release] ?? 0) + 1;
  }
  return counts;
}

/** By the annotation itself: kubectl writes all of a manifest into another, kubectl.kubernetes.io/last-applied-configuration. */
function saysCaptured({ metadata }: Service): boolean {
  return metadata.annotations?.[capturedBy] !== undefined;
}

/** No pod of ours runs, or is about to end. */
async function untilWithoutWaystone(): Promise<void> {
  let pods = "";
  await until(
    async () => (pods = await cluster.kubectl(["-n", releaseNamespace, "get", "pods", "-o", "name"])) === "",
    { deadlineMs: 90_000, everyMs: 500, describe: () => `still there: ${pods}` },
  );
}

describe("the canary, in three steps", () => {
  test("before, all requests go to the stable release", async () => {
    // A node's kube-proxy follows the API server at some distance.
    await until(async () => await ask(1).catch(() => undefined), {
      deadlineMs: 60_000,
      describe: () => "the shop does not answer",
    });
    expect(releases(await ask(20))).toEqual({ stable: 20 });
  });

  test("helm install says the next two commands", async () => {
    await uninstallWaystone(cluster);
    installedAt = performance.now();
    const notes = await installWaystone(cluster);
    expect(notes).toContain("waystone.dev/use-waypoint=waypoint");
    expect(notes).toContain("waystone status");
  });

  test("a namespace that is annotated gets its waypoint, and its Services are captured soon after the install", async () => {
    await cluster.kubectl(["annotate", "namespace", "shop", "waystone.dev/use-waypoint=waypoint"]);
    captured = await untilCaptured(cluster, "shop/web", 90_000);
    expect(releases(await ask(5))).toEqual({ stable: 5 });
    const seconds = (performance.now() - installedAt) / 1000;
    console.log(`from helm install to the first captured requests: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(limitSeconds);
  });

  test("a route splits the traffic, and a header decides", async () => {
    await cluster.kubectl(["apply", "-f", path.join(example, "canary.yaml")]);
    let seen: Readonly<Record<string, number>> = {};
    await until(async () => (seen = releases(await ask(20, { "x-canary": "yes" })))["canary"] === 20, {
      deadlineMs: 60_000,
      describe: () => `the route is not in force: ${JSON.stringify(seen)}`,
    });
    const { stable = 0, canary = 0, ...others } = releases(await ask(200));
    expect(others).toEqual({});
    // 10 % of 200, within five standard deviations.
    expect(canary).toBeGreaterThan(0);
    expect(canary).toBeLessThan(42);
    expect(stable + canary).toBe(200);
  });

  test("waystone status says how far it is", async () => {
    const table = await untilSays(/^shop +web +shop\/waypoint +Captured +2\/2 +-$/m, "status", "-n", "shop");
    expect(table).toMatch(/^NAMESPACE +NAME +WAYPOINT +PHASE +IN SYNC +MESSAGE$/m);
    const route = /^shop +HTTPRoute +web +Service\/web +True +True +True +2\/2/m;
    await untilSays(route, "status", "routes", "-n", "shop");
  });

  test("waystone check finds all as it should be", async () => {
    // It takes a second controller to tell whether source addresses are kept.
    const text = await untilSays(/^(?![^]*FAILED)[^]*saw pod/, "check");
    expect(text).toMatch(/^ok +controller +2\/2 replicas ready/m);
    expect(text).toMatch(/^ok +source addresses +pod \S+ saw pod/m);
    expect(text).toMatch(/^ok +waypoint shop\/waypoint/m);
  });
});

describe("what goes wrong is said where people look", () => {
  test("a misspelt Gateway in another namespace: the Service is not captured, and the condition says why", async () => {
    const annotations = ["waystone.dev/use-waypoint=waypiont", "waystone.dev/use-waypoint-namespace=nowhere"];
    await cluster.kubectl(["-n", "shop", "annotate", "service", "web-canary", ...annotations]);
    const message = await until(
      async () => {
        const bound = boundCondition(await getService(cluster, "shop/web-canary"));
        return bound?.reason === "AttachmentDenied" && bound.message;
      },
      { deadlineMs: 60_000, describe: () => "nothing is said of it" },
    );
    expect(message).toContain("Gateway nowhere/waypiont");
    expect(message).toContain("does not exist");
    const removal = annotations.map((each) => `${each.slice(0, each.indexOf("="))}-`);
    await cluster.kubectl(["-n", "shop", "annotate", "service", "web-canary", ...removal]);
    await untilCaptured(cluster, "shop/web-canary");
  });

  test("a Service that cannot be captured: enroll says so before, and its condition after", async () => {
    const headless = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "pods", namespace: "shop" },
      spec: { clusterIP: "None", selector: { app: "web" }, ports: [{ name: "http", port: 80 }] },
    };
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(headless));
    const table = await waystone(cluster, "enroll", "shop", "--dry-run");
    expect(table).toContain("would be enrolled (dry run)");
    expect(table).toMatch(/^shop +pods +stays direct +UnsupportedTrafficType: a headless Service/m);
    const bound = await until(async () => boundCondition(await getService(cluster, "shop/pods")), {
      deadlineMs: 60_000,
      describe: () => "nothing is said of the headless Service",
    });
    expect(bound).toMatchObject({ status: "False", reason: "UnsupportedTrafficType" });
    await cluster.kubectl(["-n", "shop", "delete", "service", "pods"]);
  });

  test("a NetworkPolicy that limits where clients may go: enroll names it, and what they must be allowed", async () => {
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "limited", namespace: "default" },
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ podSelector: {} }] }] },
    };
    onTestFinished(async () => {
      await cluster.kubectl(["-n", "default", "delete", "networkpolicy", "limited", "--ignore-not-found"]);
    });
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(policy));
    const table = await waystone(cluster, "enroll", "shop", "--dry-run");
    expect(table).toContain(
      "these NetworkPolicies limit where their pods may go: default/limited; clients among them",
    );
  });
});

describe("the way out", () => {
  test("un-enrolled, a Service is byte for byte what it was", async () => {
    const said = await waystone(cluster, "unenroll", "shop");
    expect(said).toContain("namespace/shop unenrolled");
    const after = await untilReleased(cluster, "shop/web");
    expect(comparable(after)).toEqual(before);
    expect(releases(await ask(20))).toEqual({ stable: 20 });
    await until(
      async () =>
        !(await cluster.kubectl(["-n", "shop", "get", "services", "-o", "name"])).includes("shadow"),
      { deadlineMs: 60_000, describe: () => "a shadow is left" },
    );
  });

  test("helm uninstall gives back what is captured, and leaves nothing of ours but the CRDs", async () => {
    await waystone(cluster, "enroll", "shop");
    await untilCaptured(cluster, "shop/web", 90_000);
    await runHelm(cluster, "helm", ["uninstall", "waystone", "-n", releaseNamespace]);
    expect(comparable(await getService(cluster, "shop/web"))).toEqual(before);
    expect(releases(await ask(20))).toEqual({ stable: 20 });
    const kinds = [
      "deployments,services,serviceaccounts,configmaps,secrets,leases,poddisruptionbudgets",
      "gateways,gatewayclasses,clusterroles,clusterrolebindings,roles,rolebindings",
      "mutatingadmissionpolicies,validatingadmissionpolicies,mutatingwebhookconfigurations",
    ].join(",");
    // What belonged to a Gateway is collected after it, by Kubernetes.
    let ours: readonly string[] = [];
    await until(
      async () => {
        const left = await cluster.kubectl(["get", kinds, "-A", "-o", "name"]);
        ours = left.split("\n").filter((name) => /waystone|waypoint|shadow/.test(name));
        return ours.length === 0;
      },
      { deadlineMs: 90_000, everyMs: 500, describe: () => `left: ${ours.join(", ")}` },
    );
  });

  test("a captured Service from a backup, in a cluster without Waystone, is put right by waystone restore", async () => {
    const { metadata, spec } = captured!;
    const copy = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "restored", namespace: "shop", annotations: metadata.annotations },
      spec: { selector: spec?.selector, ports: spec?.ports },
    };
    const create = ["create", "-o", "json", "-f", "-"];
    await cluster.kubectl(["-n", "shop", "delete", "service", "restored", "--ignore-not-found"]);
    // Helm waits for no pod: a controller that is on its way out would put the copy right before the command could.
    await untilWithoutWaystone();
    // The API server knows the admission policies, which make of such a copy what it was, or refuse it, for a moment after they are gone.
    await until(
      async () => {
        const made = await cluster.tryKubectl([...create, "--dry-run=server"], JSON.stringify(copy));
        return made.exitCode === 0 && saysCaptured(JSON.parse(made.stdout) as Service);
      },
      { deadlineMs: 60_000, describe: () => "the admission policy is still carried out" },
    );
    const made = JSON.parse(await cluster.kubectl(create, JSON.stringify(copy))) as Service;
    expect(saysCaptured(made)).toBe(true);
    expect(await waystone(cluster, "restore", "restored", "-n", "shop")).toContain("put back");
    const after = await getService(cluster, "shop/restored");
    expect(after.spec?.selector).toEqual({ app: "web", release: "stable" });
    expect(after.spec?.ports?.[0]?.targetPort).toBe("http");
    expect(saysCaptured(after)).toBe(false);
    await cluster.kubectl(["-n", "shop", "delete", "service", "restored"]);
  });

  test("the example's manifest is as its author wrote it", async () => {
    const diff = await cluster.tryKubectl(["diff", "-f", path.join(example, "shop.yaml")]);
    expect(diff.stdout).toBe("");
    expect(await readFile(path.join(example, "shop.yaml"), "utf8")).toContain("name: web");
  });
});

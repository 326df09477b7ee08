/** The cluster is what its users take it for: a Kubernetes like others, and one that keeps to itself. */
import { describe, expect, test } from "vitest";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { runProgram } from "../run-program.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();

interface Node {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

describe("nodes", () => {
  test("every node is Ready, in a zone of its own", async () => {
    const { items } = JSON.parse(await cluster.kubectl(["get", "nodes", "-o", "json"])) as { items: Node[] };
    const ready = items.filter(({ status }) =>
      status.conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    );
    const zones = items.map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"]);
    expect(ready).toHaveLength(cluster.nodes.length);
    expect(zones).toEqual(cluster.nodes.map((_, at) => `zone-${at + 1}`));
  });
});

describe("isolation", () => {
  test("the network of the nodes has no way out: the control plane, to which they send what is for others, has no route", async () => {
    const links = await runProgram(cluster.onNode("control", ["ip", "-o", "link", "show"]));
    const names = links
      .trimEnd()
      .split("\n")
      .map((line) => line.split(": ")[1]?.split("@")[0]);
    expect(new Set(names)).toEqual(new Set(["lo", "fabric", "port-1", "port-2"]));
    const routes = await runProgram(cluster.onNode("control", ["ip", "route", "show", "default"]));
    expect(routes).toBe("");
    const forwards = await runProgram(cluster.onNode("control", ["cat", "/proc/sys/net/ipv4/ip_forward"]));
    expect(forwards.trim()).toBe("0");
  });
});

describe("the API server", () => {
  test("knows MutatingAdmissionPolicy as v1", async () => {
    const resources = await cluster.kubectl(["get", "--raw", "/apis/admissionregistration.k8s.io/v1"]);
    expect(resources).toContain('"mutatingadmissionpolicies"');
  });

  test.for([
    ["v1.6.3", "standard"],
    ["v1.6.3", "experimental"],
    ["v1.7.0", "experimental"],
  ] as const)("takes the CRDs of Gateway API %s, %s channel", async ([version, channel]) => {
    const files = await gatewayApiCrds(version, channel);
    expect(files.length).toBeGreaterThan(8);
    const args = files.flatMap((file) => ["-f", file]);
    const applied = await cluster.kubectl(["apply", "--server-side", "--dry-run=server", ...args]);
    expect(applied).toContain("httproutes.gateway.networking.k8s.io serverside-applied");
  });
});

describe("tools", () => {
  test.for([
    ["helm", /^v4\./],
    ["helm3", /^v3\./],
  ] as const)("%s is at hand and finds the cluster", async ([program, version]) => {
    const run = async (...args: readonly string[]): Promise<string> =>
      await runProgram(cluster.onNode("node-1", [program, ...args]), { environment: cluster.environment });
    expect(await run("version", "--template={{.Version}}")).toMatch(version);
    expect(JSON.parse(await run("list", "--all-namespaces", "--output=json"))).toEqual([]);
  });
});

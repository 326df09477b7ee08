/** Ways past a policy [A03], from the side of whoever looks for one: what docs/bypass.md says that he can, and that he cannot. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gatewayNameLabel } from "@waystone/api/names";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ask } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { repository } from "../../examples/harness/waystone-process.ts";
import { withScene } from "./harness/scene.ts";

const attacker = { localAddress: "127.99.3.1" };

const deny = (target: string, section = ""): string => `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: shut, namespace: shop}
spec:
  action: DENY
  targetRefs: [{group: "", ${target}${section === "" ? "" : `, sectionName: ${section}`}}]
  rules: [{}]
`;

/** Another Service before the same endpoint. */
const alias = (address: string, port: number, endpointPort: number): string => `
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: shop}
spec: {clusterIP: ${address}, ports: [{name: http, port: ${port}, appProtocol: http}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: alias-1, namespace: shop, labels: {kubernetes.io/service-name: alias}}
addressType: IPv4
ports: [{name: http, port: ${endpointPort}, protocol: TCP}]
endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
`;

const nextAddress = (address: string): string => address.replace(/\d+$/, (last) => `${Number(last) + 100}`);

test("[A03] an endpoint that is asked at its own address answers, whatever policies say of its Service", () =>
  withScene(async (scene) => {
    const server = await scene.front();
    await scene.write("policy.yaml", deny("kind: Service, name: web"));
    await scene.start("one process");
    expect((await ask(scene.url, attacker)).status).toBe(403);
    expect((await ask(`http://127.0.0.1:${server.port}`)).status).toBe(200);
  }));

test("[A03] another Service before the same pods has policies of its own: one about the Namespace holds for both", () =>
  withScene(async (scene) => {
    const server = await scene.front();
    const second = nextAddress(scene.address);
    await scene.write("alias.yaml", alias(second, scene.port, server.port));
    await scene.write("policy.yaml", deny("kind: Service, name: web"));
    await scene.start("one process");
    const both = async (): Promise<number[]> => [
      (await ask(scene.url, attacker)).status,
      (await ask(`http://${second}:${scene.port}`, attacker)).status,
    ];
    expect(await both()).toEqual([403, 200]);
    await scene.write("policy.yaml", deny("kind: Namespace, name: shop"));
    await eventually(async () => (await both()).join() === "403,403", "the Namespace is shut");
  }));

test("[A03] the Host of another Service leads nowhere else: the port that was dialled is judged", () =>
  withScene(async (scene) => {
    const server = await scene.front();
    const second = nextAddress(scene.address);
    await scene.write("alias.yaml", alias(second, scene.port, server.port));
    await scene.write("policy.yaml", deny("kind: Service, name: web"));
    await scene.start("one process");
    const headers = { host: "alias.shop.svc.cluster.local" };
    expect((await ask(scene.url, { ...attacker, headers })).status).toBe(403);
  }));

test("[A03] a policy about one port leaves the others as they were, and one without holds for all", () =>
  withScene(async (scene) => {
    const server = await scene.front();
    await scene.write("front.yaml", twoPorts(scene.address, scene.port, server.port));
    await scene.write("policy.yaml", deny("kind: Service, name: web", "http"));
    await scene.start("one process");
    const both = async (): Promise<number[]> => [
      (await ask(scene.url, attacker)).status,
      (await ask(`http://${scene.address}:${scene.port + 1}`, attacker)).status,
    ];
    expect(await both()).toEqual([403, 200]);
    await scene.write("policy.yaml", deny("kind: Service, name: web"));
    await eventually(async () => (await both()).join() === "403,403", "all ports are shut");
  }));

const twoPorts = (address: string, port: number, endpointPort: number): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  clusterIP: ${address}
  ports: [{name: http, port: ${port}, appProtocol: http}, {name: second, port: ${port + 1}, appProtocol: http}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: ${endpointPort}, protocol: TCP}, {name: second, port: ${endpointPort}, protocol: TCP}]
endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
`;

describe("docs/bypass.md", () => {
  const page = readFileSync(path.join(repository, "docs/bypass.md"), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes(" · "))
    .map((line) => line.slice(2, -2).split(" | "));

  test("has a test for each of its lines", () => {
    const tables = page
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| an attacker"));
    expect(rows.length).toBe(tables.length);
    expect(rows.length).toBeGreaterThan(12);
  });

  test.for(rows.map((cells) => [cells[0] ?? "", cells.at(-1) ?? ""] as const))("%s", ([, held]) => {
    const [file = "", title = ""] = held.split(" · ");
    const text = readFileSync(path.join(repository, file.replaceAll("`", "")), "utf8");
    expect(text.replaceAll("\\", "")).toContain(title);
  });

  test("its NetworkPolicy lets in the pods of a waypoint by the label that Waystone gives them", () => {
    const yaml = /    apiVersion: networking.k8s.io\/v1\n(    .*\n)+/.exec(page)?.[0] ?? "";
    const policy = parse(yaml) as {
      spec: { ingress: readonly { from: readonly { podSelector: { matchLabels: object } }[] }[] };
    };
    const labels = policy.spec.ingress.flatMap(({ from }) =>
      from.map(({ podSelector }) => podSelector.matchLabels),
    );
    expect(labels).toEqual([{ [gatewayNameLabel]: "waypoint" }]);
  });
});

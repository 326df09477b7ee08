/** ConfigMaps of BackendTLSPolicies in a cluster: those that a policy names, from when it names them, and no other. */
import type { ApiWorld } from "@waystone/kube/testing/api-world";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNamedSources, openNamedWorld } from "../testing/named-world.ts";
import type { ClusterSources } from "./cluster-sources.ts";

let world: ApiWorld;
let cluster: ClusterSources;

beforeEach(async () => {
  world = await openNamedWorld("backendTlsPolicies");
});

afterEach(async () => {
  await cluster.close();
  await world.close();
});

function open(): ClusterSources {
  cluster = openNamedSources(world);
  return cluster;
}

function putPolicy(name: string, ...configMaps: readonly string[]): void {
  world.server.put("backendtlspolicies", {
    metadata: { name, namespace: "shop" },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name: "web" }],
      validation: {
        hostname: "web.test",
        caCertificateRefs: configMaps.map((each) => ({ group: "", kind: "ConfigMap", name: each })),
      },
    },
  });
}

function putConfigMap(name: string, bundle: string): void {
  world.server.put("configmaps", {
    metadata: { name, namespace: "shop" },
    data: { "ca.crt": bundle, "other.txt": "not read" },
  });
}

const known = (): Record<string, unknown> =>
  Object.fromEntries(cluster.sources.configMaps.list().map(({ key, object }) => [key, object.data]));

test("what a policy names is there when all is synced, with the one key that is read, and follows changes", async () => {
  putConfigMap("ca", "first");
  putConfigMap("unnamed", "never read");
  putPolicy("tls", "ca");
  const { sources } = open();
  let isSynced = false;
  void cluster.whenSynced().then(() => (isSynced = true));
  await world.passUntil(() => isSynced, "synced", 30_000);
  expect(sources.backendTlsPolicies.size).toBe(1);
  expect(known()).toEqual({ "shop/ca": { "ca.crt": "first" } });
  putConfigMap("ca", "second");
  await world.passUntil(() => JSON.stringify(known()).includes("second"), "the change is known", 5_000);
});

test("a policy that names another ConfigMap is shown when that is known, and nobody's ConfigMap is kept", async () => {
  putConfigMap("ca", "first");
  putConfigMap("next", "second");
  putPolicy("tls", "ca");
  const { sources } = open();
  await world.passUntil(() => sources.backendTlsPolicies.size === 1, "the policy is shown", 30_000);
  const named = (): string => {
    const [policy] = sources.backendTlsPolicies.list();
    return policy?.object.spec.validation.caCertificateRefs?.[0]?.name ?? "";
  };
  const holes: string[] = [];
  const look = (): void => {
    if (!(`shop/${named()}` in known())) holes.push(named());
  };
  sources.backendTlsPolicies.subscribe(look);
  const stop = sources.configMaps.subscribe(look);
  putPolicy("tls", "next");
  await world.passUntil(() => named() === "next", "the new version is shown", 5_000);
  expect(holes).toEqual([]);
  stop();
  expect(known()).toEqual({ "shop/next": { "ca.crt": "second" } });
  world.server.remove("backendtlspolicies", "shop/tls");
  await world.passUntil(() => sources.backendTlsPolicies.size === 0, "it is gone", 5_000);
  expect(known()).toEqual({});
});

test("a policy whose ConfigMap may not be read is shown all the same, after a while", async () => {
  world.server.forbids = (_, { kind }) => kind?.plural === "configmaps";
  putPolicy("tls", "ca");
  const { sources } = open();
  await world.passUntil(() => cluster.waitingFor.length === 0, "the rest is synced", 30_000);
  expect(sources.backendTlsPolicies.size).toBe(0);
  await world.passUntil(() => sources.backendTlsPolicies.size === 1, "patience is over", 10_000);
  expect(known()).toEqual({});
});

test("two policies that name one ConfigMap share its watch, and it stays for as long as either does", async () => {
  putConfigMap("ca", "first");
  putPolicy("a", "ca");
  putPolicy("b", "ca");
  const { sources } = open();
  await world.passUntil(() => sources.backendTlsPolicies.size === 2, "both are shown", 30_000);
  world.server.remove("backendtlspolicies", "shop/a");
  await world.passUntil(() => sources.backendTlsPolicies.size === 1, "one is gone", 5_000);
  putConfigMap("ca", "second");
  await world.passUntil(() => JSON.stringify(known()).includes("second"), "the change is known", 5_000);
});

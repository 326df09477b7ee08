/**
 * Our client of the API server against a real one: what its own tests assume of the server (lists, watches, ownership of
 * fields, leases, token reviews) is so.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Clock, systemClock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { systemRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { serverVersion } from "@waystone/kube/discovery/discover";
import { findCluster } from "@waystone/kube/find-cluster";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { followLease } from "@waystone/kube/lease/follow-lease";
import type { LeaderElection } from "@waystone/kube/lease/leader-election";
import { openLeaderElection } from "@waystone/kube/lease/open-leader-election";
import {
  applyObject,
  createObject,
  deleteObject,
  getObject,
  listObjects,
  patchObject,
  replaceObject,
} from "@waystone/kube/objects/objects";
import { returnManagedFields } from "@waystone/kube/objects/return-managed-fields";
import { openReflector } from "@waystone/kube/reflector/open-reflector";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import { reviewOwnAccess } from "@waystone/kube/review/access-review";
import { openTokenReviewer } from "@waystone/kube/review/token-review";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const clock: Clock = systemClock;
const namespace = "kube-client";
const configMaps: KubeResource = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};
const services: KubeResource = {
  group: "",
  version: "v1",
  plural: "services",
  kind: "Service",
  namespaced: true,
};
const fieldManager = "kube-client-test";

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

interface Service extends KubeObject {
  readonly spec: { readonly selector?: Readonly<Record<string, string>>; readonly ports: readonly object[] };
}

let transport: Transport;

beforeAll(async () => {
  const environment = { ...process.env, ...cluster.environment };
  transport = openTransport(await findCluster({ environment, clock }), { clock });
  await cluster.kubectl(["create", "namespace", namespace]);
});

afterAll(async () => {
  await transport.close();
  await cluster.kubectl(["delete", "namespace", "--wait=false", namespace]);
});

/** A test begins without what another, or a try before, has made. */
beforeEach(async () => {
  await cluster.kubectl(["-n", namespace, "delete", "services,leases", "--all"]);
  await cluster.kubectl(["-n", namespace, "delete", "configmaps", "-l", "suite=kube-client"]);
});

function configMap(name: string, value: string): ConfigMap {
  return { metadata: { namespace, name, labels: { suite: "kube-client" } }, data: { value } };
}

async function put(name: string, value: string): Promise<ConfigMap> {
  return await applyObject<ConfigMap>(transport, configMaps, configMap(name, value), { fieldManager });
}

describe("the server", () => {
  test("says its version, and what we may do", async () => {
    expect((await serverVersion(transport)).gitVersion).toMatch(/^v1\.\d+\./);
    const access = { verb: "list", group: "", resource: "pods" };
    expect(await reviewOwnAccess(transport, access)).toMatchObject({ isAllowed: true });
  });
});

describe("a reflector", () => {
  interface Item {
    readonly key: string;
    readonly value: string | undefined;
  }

  function follow(): {
    readonly reflector: Reflector;
    readonly values: () => Readonly<Record<string, unknown>>;
  } {
    const key = (item: Item): string => item.key;
    const into = createCollectionGraph().source<Item>({ name: "maps", key });
    const strip = (object: KubeObject): Item => ({
      key: object.metadata.name,
      value: (object as ConfigMap).data?.["value"],
    });
    const selection = { resource: configMaps, namespace, labelSelector: "suite=kube-client" };
    const surroundings = { transport, clock, rng: systemRng, logger: silentLogger };
    const reflector = openReflector({ ...surroundings, ...selection, into, key, strip });
    onTestFinished(async () => await reflector.close());
    return { reflector, values: () => Object.fromEntries(into.list().map((item) => [item.key, item.value])) };
  }

  test("has what is there, and follows what is made, changed and deleted", async () => {
    await put("followed-1", "a");
    const { reflector, values } = follow();
    await reflector.whenSynced();
    expect(values()).toMatchObject({ "followed-1": "a" });
    await put("followed-2", "b");
    await put("followed-1", "c");
    await deleteObject(transport, configMaps, { namespace, name: "followed-2" });
    await put("followed-3", "d");
    await until(() => values()["followed-3"] === "d", {
      deadlineMs: 60_000,
      everyMs: 5,
      describe: () => `seen: ${JSON.stringify(values())}`,
    });
    expect(values()).toMatchObject({ "followed-1": "c", "followed-3": "d" });
    expect(values()).not.toHaveProperty("followed-2");
  });

  test("sees a change soon after its write", async () => {
    const { reflector, values } = follow();
    await reflector.whenSynced();
    const waits: number[] = [];
    for (let at = 0; at < 20; at++) {
      await put("timed", String(at));
      const writtenAt = performance.now();
      await until(() => values()["timed"] === String(at), {
        deadlineMs: 60_000,
        everyMs: 1,
        describe: () => "no news",
      });
      waits.push(performance.now() - writtenAt);
    }
    const median = waits.toSorted((a, b) => a - b)[10] ?? Number.NaN;
    console.log(`news of a write after ${median.toFixed(1)} ms (median of ${waits.length})`);
    expect(median).toBeLessThan(sized({ short: 10_000, full: 100 }));
  });
});

describe("objects", () => {
  test("a list has all pages' objects", async () => {
    const listed = await listObjects<ConfigMap>(transport, configMaps, { namespace });
    expect(listed.map(({ metadata }) => metadata.name)).toContain("kube-root-ca.crt");
  });

  test("a write that rests on an old version is a conflict, and one on the newest is not", async () => {
    const first = await createObject<ConfigMap>(transport, configMaps, configMap("versioned", "a"), {
      fieldManager,
    });
    const second = await replaceObject(
      transport,
      configMaps,
      { ...first, data: { value: "b" } },
      { fieldManager },
    );
    expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
    const stale = replaceObject(transport, configMaps, { ...first, data: { value: "c" } }, { fieldManager });
    await expect(stale).rejects.toMatchObject({ status: 409, reason: "Conflict" });
  });

  test("an apply takes what others own, and lets go of what it no longer says", async () => {
    await put("applied", "a");
    const others = { metadata: { namespace, name: "applied" }, data: { other: "kept", value: "b" } };
    await applyObject(transport, configMaps, others, { fieldManager: "somebody" });
    await put("applied", "c");
    const bare = { metadata: { namespace, name: "applied" } };
    const left = await applyObject<ConfigMap>(transport, configMaps, bare, { fieldManager });
    expect(left.data).toEqual({ other: "kept" });
  });

  test("fields that were given back are the owner's again: a client-side and a server-side apply see no conflict", async () => {
    const owner = { fieldManager: "owner" };
    const spec = { selector: { app: "cart" }, ports: [{ name: "http", port: 80, protocol: "TCP" }] };
    const wanted = { metadata: { namespace, name: "returned" }, spec };
    await applyObject(transport, services, wanted, owner);
    const id = { namespace, name: "returned" };
    const before = await getObject<Service>(transport, services, id);
    if (before === undefined) throw new Error("the Service is not there");
    const selector = { app: null, "waystone.dev/waypoint": "waypoint" };
    const patch = { metadata: { resourceVersion: before.metadata.resourceVersion }, spec: { selector } };
    const after = await patchObject<Service>(
      transport,
      services,
      id,
      { type: "merge", patch },
      { fieldManager },
    );
    const returned = await returnManagedFields(transport, {
      resource: services,
      before,
      after,
      fieldManager,
    });
    const managers = (returned?.metadata.managedFields ?? []).map(({ manager }) => manager);
    expect(managers).not.toContain(fieldManager);
    const applied = await applyObject<Service>(transport, services, wanted, { ...owner, isForced: false });
    expect(applied.spec.selector).toMatchObject({ app: "cart" });
  });
});

describe("leader election", () => {
  test("one of two is elected, and when it closes the other is at once", async () => {
    const elected: string[] = [];
    const stand = (identity: string): { readonly election: LeaderElection; close(): Promise<void> } => {
      const lease = { transport, namespace, name: "elected", clock, rng: systemRng, logger: silentLogger };
      const onElected = (): void => void elected.push(identity);
      const election = openLeaderElection({ ...lease, identity, onElected, onLost: () => {} });
      const reflector = followLease(election, lease);
      let closed: Promise<void> | undefined;
      const end = async (): Promise<void> => {
        await reflector.close();
        await election.close();
      };
      const close = async (): Promise<void> => await (closed ??= end());
      onTestFinished(close);
      return { election, close };
    };
    const one = stand("one");
    await until(() => one.election.isLeader, { deadlineMs: 60_000, describe: () => "nobody was elected" });
    const other = stand("other");
    await until(() => other.election.holder === "one", { deadlineMs: 60_000, describe: () => "no holder" });
    expect(other.election.isLeader).toBe(false);
    const closedAt = performance.now();
    await one.close();
    await until(() => other.election.isLeader, { deadlineMs: 60_000, describe: () => "nobody took over" });
    // Long before the lease of 15 s is over.
    expect(performance.now() - closedAt).toBeLessThan(10_000);
    expect(elected).toEqual(["one", "other"]);
  });
});

describe("token review", () => {
  async function token(...args: readonly string[]): Promise<string> {
    return (await cluster.kubectl(["-n", namespace, "create", "token", "default", ...args])).trim();
  }

  test("a token for our audience is whose it says, one for another audience is nobody's", async () => {
    const reviewer = openTokenReviewer({ transport, audience: "waystone.dev", clock, keepMs: 0 });
    expect(await reviewer.review(await token("--audience=waystone.dev"))).toMatchObject({
      isAuthenticated: true,
      identity: { serviceAccount: { namespace, name: "default" }, pod: undefined },
    });
    expect(await reviewer.review(await token())).toMatchObject({ isAuthenticated: false });
    expect(await reviewer.review("nonsense")).toMatchObject({ isAuthenticated: false });
  });
});

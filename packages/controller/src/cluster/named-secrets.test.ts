/** Secrets in a cluster: those that a waypoint's Gateway names, where their owners grant it, and no other. */
import type { ApiWorld } from "@waystone/kube/testing/api-world";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNamedSources, openNamedWorld } from "../testing/named-world.ts";
import type { ClusterSources } from "./cluster-sources.ts";

let world: ApiWorld;
let cluster: ClusterSources;

beforeEach(async () => {
  world = await openNamedWorld("gateways");
  cluster = openNamedSources(world);
});

afterEach(async () => {
  await cluster.close();
  await world.close();
});

function putGateway(name: string, secret: string, gatewayClassName = "waystone-waypoint"): void {
  world.server.put("gateways", {
    metadata: { name, namespace: "shop" },
    spec: { gatewayClassName, tls: { backend: { clientCertificateRef: { name: secret } } } },
  });
}

const entry = (text: string): string => Buffer.from(text).toString("base64");

function putSecret(name: string, text: string): void {
  world.server.put("secrets", { metadata: { name, namespace: "shop" }, data: { "tls.key": entry(text) } });
}

/** What the API server lets nobody read. */
function forbidSecrets(isForbidden: boolean): void {
  world.server.forbids = (_, { kind }) => isForbidden && kind?.plural === "secrets";
}

const known = (): Record<string, string> =>
  Object.fromEntries(
    cluster.sources.secrets
      .list()
      .map(({ key, object }) => [key, Buffer.from(object.data?.["tls.key"] ?? "", "base64").toString()]),
  );
const refused = (): readonly string[] => cluster.sources.cluster.refusedSecrets.list().map(({ key }) => key);
const shown = (): readonly string[] => cluster.sources.gateways.list().map(({ key }) => key);

test("what a waypoint's Gateway names is there when all is synced, and follows changes until it is deleted", async () => {
  putSecret("own", "first");
  putSecret("unnamed", "never read");
  putGateway("waypoint", "own");
  let isSynced = false;
  void cluster.whenSynced().then(() => (isSynced = true));
  await world.passUntil(() => isSynced, "synced", 30_000);
  expect(shown()).toEqual(["shop/waypoint"]);
  expect(known()).toEqual({ "shop/own": "first" });
  putSecret("own", "second");
  await world.passUntil(() => known()["shop/own"] === "second", "the rotation is known", 5_000);
  world.server.remove("secrets", "shop/own");
  await world.passUntil(() => !("shop/own" in known()), "it is gone", 5_000);
  expect(refused()).toEqual([]);
});

test("what the Gateway of another class names is not asked for", async () => {
  putSecret("theirs", "first");
  putGateway("edge", "theirs", "somebody-elses");
  const asked: string[] = [];
  world.server.forbids = (_, { kind }) => {
    if (kind?.plural === "secrets") asked.push("secrets");
    return false;
  };
  await world.passUntil(() => shown().length === 1, "the Gateway is shown", 30_000);
  await world.pass(5_000);
  expect(asked).toEqual([]);
  expect(known()).toEqual({});
});

test("one that nobody grants is told as refused, and its Gateway is shown all the same, after a while", async () => {
  forbidSecrets(true);
  putSecret("own", "first");
  putGateway("waypoint", "own");
  await world.passUntil(() => shown().length === 1, "the Gateway is shown", 30_000);
  expect(refused()).toEqual(["shop/own"]);
  expect(known()).toEqual({});
});

test("a grant that comes later is seen within 15 s, however long it took", async () => {
  forbidSecrets(true);
  putSecret("own", "first");
  putGateway("waypoint", "own");
  await world.passUntil(() => refused().length === 1, "it is refused", 30_000);
  await world.pass(600_000);
  forbidSecrets(false);
  await world.passUntil(() => known()["shop/own"] === "first", "it is read", 15_000);
  expect(refused()).toEqual([]);
});

test("a 403 of a moment takes nothing away; a grant that is gone takes the Secret, and given again brings it back", async () => {
  putSecret("own", "first");
  putGateway("waypoint", "own");
  await world.passUntil(() => known()["shop/own"] === "first", "it is read", 30_000);
  forbidSecrets(true);
  world.server.disturb({ type: "cut" }, "secrets");
  await world.pass(15_000);
  expect(known()).toEqual({ "shop/own": "first" });
  forbidSecrets(false);
  await world.pass(60_000);
  expect(known()).toEqual({ "shop/own": "first" });
  forbidSecrets(true);
  // A watch that is not there yet cannot be cut: again, until it was.
  for (let at = 0; at < 10 && refused().length === 0; at++) {
    world.server.disturb({ type: "cut" }, "secrets");
    await world.pass(15_000);
  }
  expect(refused()).toEqual(["shop/own"]);
  expect(known()).toEqual({});
  forbidSecrets(false);
  await world.passUntil(() => known()["shop/own"] === "first", "it is read again", 15_000);
  expect(refused()).toEqual([]);
});

test("nothing is watched any more when no Gateway names it", async () => {
  putSecret("own", "first");
  putGateway("waypoint", "own");
  await world.passUntil(() => known()["shop/own"] === "first", "it is read", 30_000);
  world.server.remove("gateways", "shop/waypoint");
  await world.passUntil(() => shown().length === 0, "the Gateway is gone", 5_000);
  expect(known()).toEqual({});
});

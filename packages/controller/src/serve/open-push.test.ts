/** The whole channel over real sockets: who gets a stream, for how long, and what is in it. */
import { typeUrls } from "@waystone/api/names";
import { until } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PushWorld, waypointPod } from "../testing/push-world.ts";

const node = "a/waypoint/waypoint-1";
const minuteMs = 60_000;

let world: PushWorld;
beforeEach(async () => {
  world = await PushWorld.open();
  world.issue("good", "a");
  await world.push.listening;
});
afterEach(() => world.close());

const notAccepted = /^the API server does not accept the token/;

describe("a stream", () => {
  test("is had by a waypoint's pod with its projected token", async () => {
    await world.connect("good", node);
    expect(world.connected).toEqual([node]);
    expect(world.controller.server.streams()[0]?.node?.scope).toBe("a/waypoint");
  });

  test.for<[string, string, (token: string) => void, RegExp]>([
    ["an expired token", node, () => world.tokens.clear(), notAccepted],
    [
      "a token for another audience",
      node,
      (token) => world.issue(token, "a", 1, { audience: "https://kubernetes.default.svc" }),
      notAccepted,
    ],
    [
      "a token of no pod",
      node,
      (token) => world.tokens.set(token, { namespace: "a", account: "waypoint" }),
      /is bound to no pod/,
    ],
    [
      "a token of another account",
      node,
      (token) => world.issue(token, "a", 1, { account: "default" }),
      /runs under account default, not under that of its waypoint/,
    ],
    [
      "a token of an application's pod",
      "a/waypoint/pod-of-a",
      (token) => world.issue(token, "a", 1, { account: "account-of-a", pod: { name: "pod-of-a", uid: "x" } }),
      /pod a\/pod-of-a/,
    ],
    [
      "a token of the same names in another namespace",
      node,
      (token) => world.issue(token, "b"),
      /node id "a\/waypoint\/waypoint-1" is not b\/waypoint\/waypoint-1, whose token this is/,
    ],
    [
      "a token of another pod of the same waypoint",
      node,
      (token) => world.issue(token, "a", 2),
      /is not a\/waypoint\/waypoint-2/,
    ],
    [
      "a token of a pod that is gone",
      node,
      () => world.objects.remove("Pod", "a/waypoint-1"),
      /pod a\/waypoint-1 is not there/,
    ],
    [
      "a token of a pod whose Gateway is gone",
      node,
      () => world.objects.remove("Gateway", "a/waypoint"),
      /Gateway a\/waypoint is not there/,
    ],
  ])("is not had with %s", async ([, id, arrange, reason]) => {
    arrange("good");
    expect(await world.refusal("good", id)).toMatch(reason);
    expect(world.connected).toEqual([]);
  });

  test("is had with a token that came from one of the pod's addresses, and not from elsewhere: a stolen one", async () => {
    world.objects.apply(waypointPod("a", 1).replaceAll("127.0.0.1", "10.9.9.9"));
    const refused = await world.refusal("good", node);
    expect(refused).toBe("pod a/waypoint-1 is at 10.9.9.9, and its token came from 127.0.0.1");
  });

  test("is had from anywhere where the check is turned off", async () => {
    await world.push.close();
    world.open({ settings: { checksAddress: false } });
    world.objects.apply(waypointPod("a", 1).replaceAll("127.0.0.1", "10.9.9.9"));
    await world.connect("good", node);
  });

  test("waits for a pod that our watch shows a moment later", async () => {
    world.objects.remove("Pod", "a/waypoint-1");
    const waypoint = await world.dial("good", node);
    await until(() => world.reviews === 1, "the token is reviewed");
    world.api.clock.advance(1_900);
    world.objects.apply(waypointPod("a", 1));
    await until(() => waypoint.completions > 0, "it is admitted");
    expect(waypoint.reasons()).toEqual([]);
  });

  test("is not had while tokens can't be reviewed, and is as soon as they can", async () => {
    world.api.server.isDown = true;
    const waypoint = await world.dial("good", node);
    await until(() => waypoint.reasons().length > 0, "it is refused");
    expect(waypoint.reasons()[0]).toBe("the API server can't be asked whose token this is; try again");
    world.api.server.calm();
    await until(() => waypoint.completions > 0, "it is admitted");
  });
});

describe("a stream ends", () => {
  test("at once when its pod is gone", async () => {
    const waypoint = await world.connect("good", node);
    world.objects.remove("Pod", "a/waypoint-1");
    expect(world.connected).toEqual([]);
    await until(() => waypoint.reasons().length > 0, "it hears of it");
    expect(waypoint.reasons()[0]).toBe("pod a/waypoint-1 is not there");
  });

  test("at once when another pod has the name", async () => {
    await world.connect("good", node);
    world.objects.apply(waypointPod("a", 1).replace("uid: a-waypoint-1", "uid: another"));
    expect(world.connected).toEqual([]);
  });

  test("at once when its Gateway is gone, or is no waypoint's any more", async () => {
    await world.connect("good", node);
    world.objects.remove("Gateway", "a/waypoint");
    expect(world.connected).toEqual([]);
  });

  test("within a minute of the API server's first no, and not before", async () => {
    const waypoint = await world.connect("good", node);
    await world.api.pass(5 * minuteMs);
    expect(world.connected).toEqual([node]);
    expect(world.reviews).toBeGreaterThanOrEqual(7);
    world.tokens.clear();
    await world.api.pass(minuteMs - 15_000);
    expect(world.connected).toEqual([]);
    await until(() => waypoint.reasons().length > 0, "it hears of it");
    expect(waypoint.reasons()[0]).toMatch(notAccepted);
  });

  test("not while the API server can't be asked: that would end all of them", async () => {
    await world.connect("good", node);
    world.api.server.isDown = true;
    await world.api.pass(10 * minuteMs);
    expect(world.connected).toEqual([node]);
    world.tokens.clear();
    world.api.server.calm();
    await world.api.pass(15_000);
    expect(world.connected).toEqual([]);
  });

  test("with its token, and goes on with the next one: nothing is sent twice", async () => {
    const waypoint = await world.connect("good", node);
    const { length } = waypoint.applied.flatMap(({ upserts }) => upserts);
    await waypoint.writeToken("fresh");
    world.tokens.delete("good");
    world.issue("fresh", "a");
    await world.api.pass(45_000);
    await until(() => waypoint.completions === 2, "it is back");
    expect(waypoint.applied.flatMap(({ upserts }) => upserts)).toHaveLength(length);
    expect(waypoint.reasons()).toHaveLength(1);
  });

  test("with the leadership; the next leader's goes on from what the waypoint has", async () => {
    const waypoint = await world.connect("good", node);
    const { length } = waypoint.applied.flatMap(({ upserts }) => upserts);
    const address = await world.push.listening;
    await world.push.close();
    expect(world.connected).toEqual([]);
    world.open({ address });
    // Somebody else's connection may have the port for a moment: the server tries again, by its clock.
    const isBack = (): boolean => {
      world.api.clock.advance(50);
      return waypoint.completions === 2;
    };
    await until(isBack, "it is back");
    expect(waypoint.applied.flatMap(({ upserts }) => upserts)).toHaveLength(length);
  });

  test("never for a change of the certificate authority", async () => {
    const waypoint = await world.connect("good", node);
    await world.api.settle();
    const resting = world.api.clock.pending;
    const found = world.api.server.get("secrets", "waystone-system/waystone-ca")!;
    const metadata = { ...(found["metadata"] as object), annotations: { "waystone.dev/change-ca": "now" } };
    world.api.server.put("secrets", { ...found, metadata });
    for (let i = 0; i < 120 && world.bundles.length < 3; i++) {
      world.api.clock.advance(minuteMs / 2);
      await world.api.settle();
      // Keys are made by threads of their own, which no settling of this one waits for.
      await until(() => world.api.clock.pending >= resting, "all wait for the clock");
    }
    expect(world.bundles).toHaveLength(3);
    expect(waypoint.reasons()).toEqual([]);
    expect(world.connected).toEqual([node]);
  });
});

describe("two tenants", () => {
  const textOf = (received: readonly Uint8Array[]): string => Buffer.concat(received).toString("latin1");

  test("no byte of a stream names anything of the other", async () => {
    world.issue("b", "b");
    const [a, b] = [await world.connect("good", node), await world.connect("b", "b/waypoint/waypoint-1")];
    // Everything of B changes, comes and goes while A listens.
    world.objects.remove("HTTPRoute", "b/route-of-b");
    world.objects.remove("EndpointSlice", "b/slice-of-b");
    await until(() => b.client.held(typeUrls.route).size === 0, "B has heard of it");
    await until(() => b.client.held(typeUrls.endpointSlice).size === 0, "B has heard of it");
    expect(textOf(b.received)).toMatch(/of-b/);
    expect(textOf(a.received)).toMatch(/service-of-a/);
    expect(textOf(a.received)).toMatch(/path-of-a/);
    expect(textOf(a.received)).not.toMatch(/of-b|b\/waypoint|10\.2\.0\.1/);
    expect(textOf(b.received)).not.toMatch(/of-a|a\/waypoint|10\.1\.0\.1/);
  });

  test("a name of the other that is asked for by name is as if it did not exist", async () => {
    const a = await world.connect("good", node);
    a.client.subscribe(typeUrls.service, "b/service-of-b");
    a.client.subscribe(typeUrls.route, "HTTPRoute/b/route-of-b");
    await until(
      () => a.applied.some(({ removals }) => removals.includes("b/service-of-b")),
      "it is answered",
    );
    const text = textOf(a.received);
    expect(text.replaceAll("b/service-of-b", "").replaceAll("HTTPRoute/b/route-of-b", "")).not.toMatch(
      /of-b/,
    );
  });

  test("a caller of the other's is named to who has seen its address, and only that one", async () => {
    const a = await world.connect("good", node);
    expect(textOf(a.received)).not.toContain("account-of-b");
    a.client.subscribe(typeUrls.workload, "10.2.0.1");
    await until(() => a.client.held(typeUrls.workload).size === 1, "it is answered");
    expect(textOf(a.received)).toContain("account-of-b");
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { discoverResources, isServed, serverVersion } from "../discovery/discover.ts";
import { type ApiWorld, openApiWorld } from "../testing/api-world.ts";
import { reviewOwnAccess } from "./access-review.ts";
import { openTokenReviewer } from "./token-review.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await openApiWorld();
});
afterEach(() => world.close());

const audience = "waystone";
const good: JsonObject = {
  authenticated: true,
  audiences: [audience],
  user: {
    username: "system:serviceaccount:shop:waypoint",
    uid: "u1",
    groups: ["system:serviceaccounts"],
    extra: {
      "authentication.kubernetes.io/pod-name": ["waypoint-1"],
      "authentication.kubernetes.io/pod-uid": ["p1"],
    },
  },
};

function answer(status: JsonObject): JsonObject[] {
  const asked: JsonObject[] = [];
  world.server.reviews.set("tokenreviews", (review) => {
    asked.push(review);
    return { ...review, status };
  });
  return asked;
}

const reviewer = (keepMs?: number) => {
  const { transport, clock } = world;
  return openTokenReviewer({ transport, clock, audience, ...(keepMs === undefined ? {} : { keepMs }) });
};

describe("a token", () => {
  test("is who the API server says: account and pod", async () => {
    const asked = answer(good);
    expect(await reviewer().review("token")).toEqual({
      isAuthenticated: true,
      identity: {
        username: "system:serviceaccount:shop:waypoint",
        uid: "u1",
        groups: ["system:serviceaccounts"],
        serviceAccount: { namespace: "shop", name: "waypoint" },
        pod: { name: "waypoint-1", uid: "p1" },
      },
    });
    expect(asked[0]?.["spec"]).toEqual({ token: "token", audiences: [audience] });
  });

  test.for<[string, JsonObject]>([
    ["is not authenticated", { authenticated: false, error: "expired" }],
    ["is for another audience", { ...good, audiences: ["https://kubernetes.default.svc"] }],
    ["is of an authenticator that knows no audiences", { authenticated: true, user: { username: "a" } }],
    ["names no user", { authenticated: true, audiences: [audience] }],
    ["has no status at all", {}],
  ])("that %s is refused", async ([, status]) => {
    answer(status);
    expect(await reviewer().review("token")).toMatchObject({ isAuthenticated: false });
  });

  test.for(["", "x".repeat(16 * 1024 + 1)])("that is none is not even asked about", async (token) => {
    const asked = answer(good);
    expect(await reviewer().review(token)).toMatchObject({ isAuthenticated: false });
    expect(asked).toEqual([]);
  });

  test("is kept for 30 s, then asked about again; a refusal is not kept", async () => {
    const asked = answer(good);
    const reviews = reviewer();
    await reviews.review("token");
    world.clock.advance(29_999);
    await reviews.review("token");
    expect(asked).toHaveLength(1);
    answer({ authenticated: false });
    world.clock.advance(1);
    expect(await reviews.review("token")).toMatchObject({ isAuthenticated: false });
    answer(good);
    expect(await reviews.review("token")).toMatchObject({ isAuthenticated: true });
  });

  test("is no yes while the API server can't be asked", async () => {
    world.server.isDown = true;
    await expect(reviewer().review("token")).rejects.toMatchObject({ status: 0 });
  });
});

test("permission is the API server's word", async () => {
  const asked: JsonObject[] = [];
  const answers = [true, false];
  world.server.reviews.set("selfsubjectaccessreviews", (review) => {
    asked.push(review);
    return { status: { allowed: answers[asked.length - 1]!, reason: "RBAC" } };
  });
  const access = { verb: "patch", group: "", resource: "services", namespace: "shop" };
  expect(await reviewOwnAccess(world.transport, access)).toEqual({ isAllowed: true, reason: "RBAC" });
  expect(await reviewOwnAccess(world.transport, access)).toEqual({ isAllowed: false, reason: "RBAC" });
  expect(asked.map((review) => review["spec"])).toEqual([
    { resourceAttributes: access },
    { resourceAttributes: access },
  ]);
});

describe("what is served", () => {
  test("its version and resources; an unknown group serves nothing", async () => {
    const { transport } = world;
    expect(await serverVersion(transport)).toMatchObject({ gitVersion: "v1.36.3" });
    expect(
      (await discoverResources(transport, { group: "apps", version: "v1" })).map(({ kind }) => kind),
    ).toEqual(["Deployment"]);
    expect(await discoverResources(transport, { group: "none.example", version: "v1" })).toEqual([]);
    expect(await isServed(transport, { group: "", version: "v1", plural: "services" })).toBe(true);
    expect(await isServed(transport, { group: "apps", version: "v1", plural: "daemonsets" })).toBe(false);
  });
});

/** Policies carried out, over sockets: what does not get around them, and what fails closed (design/0003, design/0004). */
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { ask, frontend, stranger } from "../testing/policy-clients.ts";
import {
  decisions,
  encode,
  onlyFrontend,
  policy,
  useAuthorizationRig,
} from "../testing/authorization-rig.ts";

const { rig, open, statusFor } = useAuthorizationRig();

describe("tricks", () => {
  const deny = policy({ action: "DENY", rules: [{ to: [{ paths: ["/admin*"] }] }] });

  test.for<[string, number]>([
    ["/admin", 403],
    ["/%61dmin", 403],
    ["/x/../admin", 403],
    ["/x/%2e%2e/admin", 403],
    ["/./admin/users?x=1", 403],
    ["/x%2F..%2Fadmin", 400],
    ["/x%2fadmin", 400],
    ["/x%5cadmin", 400],
    ["/x\\..\\admin", 400],
    ["/public?next=/admin", 200],
    ["/public?next=%2Fadmin", 200],
  ])("a path is judged as it is forwarded: %s is %i", async ([path, expected]) => {
    const { plane, upstream } = await open(deny);
    const client = await rig.openClient(plane);
    expect(await ask(client, path)).toBe(expected);
    if (expected === 400) expect(upstream.connections.length).toBe(0);
  });

  test("encoded slashes pass where no policy judges paths", async () => {
    const { plane } = await open(policy({ rules: [{ to: [{ methods: ["GET"] }] }] }));
    expect(await ask(await rig.openClient(plane), "/a%2Fb")).toBe(200);
  });

  test.for<[PolicyText["action"], string[], number]>([
    ["DENY", ["X-Team: good", "X-Team: evil"], 403],
    ["DENY", ["X-Team: evil", "X-Team: good"], 403],
    ["DENY", ["X-Team: good"], 200],
    ["ALLOW", ["X-Team: evil"], 200],
    ["ALLOW", ["X-Team: evil", "X-Team: good"], 403],
    ["ALLOW", ["X-Team: good", "X-Team: evil"], 403],
  ])(
    "a second line of a header never makes it milder (CVE-2020-25017): %s %j is %i",
    async ([action, headers, expected]) => {
      const text = { rules: [{ to: [{ "headers[x-team]": ["evil"] }] }] };
      const { plane } = await open(policy(action === undefined ? text : { ...text, action }));
      expect(await ask(await rig.openClient(plane), "/", { headers })).toBe(expected);
    },
  );

  test("a client that claims another address is judged by its own (direct to the second listener or not)", async () => {
    const { plane } = await open(
      policy({ action: "DENY", rules: [{ from: [{ ipBlocks: ["127.8.0.0/16"] }] }] }),
    );
    const client = await rig.openClient(plane, { localAddress: "127.8.0.1" });
    expect(await ask(client, "/", { headers: ["X-Forwarded-For: 10.0.0.1"] })).toBe(403);
  });
});

describe("fail closed", () => {
  test.for<[string, () => EncodedResource, number]>([
    ["an ALLOW without rules allows nobody", () => policy(), 403],
    [
      "a value that cannot be used, as the controller says",
      () => policy({ unusable: ["rules[0]: x"], rules: [{}] }),
      403,
    ],
    ["the same, shadowed", () => policy({ unusable: ["x"], mode: "Shadow" }), 200],
    [
      "a DENY for a port that there is not holds for all",
      () =>
        policy({ action: "DENY", rules: [{}], target: { kind: "Service", name: "shop/web", section: "no" } }),
      403,
    ],
    [
      "a target that is not there protects nothing",
      () => policy({ target: { kind: "Service", name: "shop/none" } }),
      200,
    ],
  ])("%s", async ([, make, expected]) => {
    const { plane } = await open(make());
    expect(await ask(await rig.openClient(plane))).toBe(expected);
  });

  test("what cannot be read shuts its targets until it is mended, and the good version before it goes on", async () => {
    const { plane } = await open();
    const client = await rig.openClient(plane);
    const message = policyMessage({ rules: [{}], target: { kind: "Service", name: "shop/web" } });
    const broken = encode({ ...message, authorization: null });
    const push = (resource: EncodedResource): number =>
      plane.store.apply([{ typeUrl: resource.typeUrl, upserts: [resource], removals: [] }]).rejected.flat()
        .length;
    expect(push(broken)).toBe(1);
    expect(await ask(client)).toBe(403);
    expect(push(encode(message))).toBe(0);
    expect(await ask(client)).toBe(200);
    expect(push(broken)).toBe(1);
    expect(await ask(client)).toBe(200);
  });
});

describe("shadow", () => {
  test("changes nothing, and tells in log and metrics what would have been", async () => {
    const { plane } = await open(policy({ ...onlyFrontend, mode: "Shadow" }));
    expect(await statusFor(plane, stranger)).toBe(200);
    expect(await statusFor(plane, frontend)).toBe(200);
    expect(await plane.lines(2)).toMatchObject([
      { shadow_denied_by: "AuthorizationPolicy/shop/policy", policy: null },
      { shadow_denied_by: null },
    ]);
    expect(decisions(plane)).toEqual({
      "AuthorizationPolicy/shop/policy  deny Shadow": 1,
      "AuthorizationPolicy/shop/policy 0 allow Shadow": 1,
    });
  });

  test("the series of a policy go with it, and those of a rule with the rule", async () => {
    const one = policy({ rules: [{ to: [{ methods: ["GET"] }] }, { to: [{ methods: ["PUT"] }] }] });
    const { plane } = await open(one);
    const client = await rig.openClient(plane);
    for (const method of ["GET", "PUT"]) expect(await ask(client, "/", { method })).toBe(200);
    expect(Object.keys(decisions(plane)).length).toBe(2);
    plane.apply([policy({ rules: [{ to: [{ methods: ["GET"] }] }] })]);
    expect(Object.keys(decisions(plane))).toEqual(["AuthorizationPolicy/shop/policy 0 allow Enforce"]);
    plane.apply([], [one]);
    expect(decisions(plane)).toEqual({});
  });
});

/** What a waypoint keeps of policies that it can read, and does about those that it cannot (design/0003, "Fail closed"). */
import { typeUrls } from "@waystone/api/names";
import { Policy, type PolicyResource } from "@waystone/api/resources";
import { policyMessage } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { describe, expect, test } from "vitest";
import { PolicyStore } from "./policies.ts";
import { policy, removal, upserts } from "./test-resources.ts";

const name = "AuthorizationPolicy/shop/policy";

function raw(message: PolicyResource, resourceName = name): EncodedResource {
  return encodeResource(typeUrls.policy, resourceName, new Uint8Array(Policy.encode(message).finish()));
}

function take(store: PolicyStore, ...resources: EncodedResource[]): readonly string[] {
  return upserts(...resources).flatMap((delta) => store.apply(delta).rejected.map(({ reason }) => reason));
}

function only(store: PolicyStore): { readonly targets: string; readonly unusable: readonly string[] } {
  const [first, ...more] = store.all();
  expect(more).toEqual([]);
  const targets = first!.targets.map(({ kind, name: target }) => `${kind} ${target}`).join(", ");
  return {
    targets,
    unusable: first!.spec.case === "authorization" ? first!.spec.authorization.unusable : [],
  };
}

test("a policy that is read is kept with its version, found by its targets, and gone when it is removed", () => {
  const store = new PolicyStore();
  const resource = policy({ target: { kind: "Namespace", name: "shop" } });
  expect(take(store, resource)).toEqual([]);
  expect(store.all()).toMatchObject([{ name, version: resource.version, spec: { case: "authorization" } }]);
  expect([...store.about("Namespace", "shop")]).toEqual(store.all());
  const { changes } = store.apply(removal(typeUrls.policy, name, "AuthorizationPolicy/shop/other"));
  expect(changes).toMatchObject([{ before: { name }, after: undefined }]);
  expect([store.all().length, store.about("Namespace", "shop").size]).toEqual([0, 0]);
});

test("what changed is told with its targets before and after", () => {
  const store = new PolicyStore();
  take(store, policy());
  const [delta] = upserts(policy({ target: { kind: "Gateway", name: "shop/waypoint" } }));
  expect(store.apply(delta!).changes).toMatchObject([
    { before: { targets: [{ kind: "Service" }] }, after: { targets: [{ kind: "Gateway" }] } },
  ]);
  expect(store.about("Service", "shop/api").size).toBe(0);
});

describe("what cannot be read", () => {
  const message = policyMessage({});
  const unknownSpec = { ...message, authorization: null };

  test.for<[string, EncodedResource, string]>([
    [
      "bytes that are no message",
      { ...raw(message), body: new Uint8Array([255, 255, 255]) },
      "cannot be decoded",
    ],
    ["a spec that this version does not know", raw(unknownSpec), "does not know"],
    ["a kind that does not fit its spec", raw({ ...message, kind: "Other" }, "Other/shop/policy"), "Other"],
    ["another name than its content says", raw({ ...message, name: "other" }), "named"],
    ["an action that nobody knows", raw({ ...message, authorization: {} }), "action"],
    [
      "a target of somebody else",
      raw({ ...message, targets: [{ kind: "Service", name: "other/api", section: "" }] }),
      "own namespace",
    ],
  ])("is refused with a reason: %s", ([, resource, reason]) => {
    expect(take(new PolicyStore(), resource)).toEqual([expect.stringContaining(reason)]);
  });

  test("the last good version goes on, and is not told as a change", () => {
    const store = new PolicyStore();
    const good = policy();
    take(store, good);
    const { changes, rejected } = store.apply(upserts(raw(unknownSpec))[0]!);
    expect([changes, rejected.length]).toEqual([[], 1]);
    expect(store.all()).toMatchObject([{ version: good.version }]);
  });

  test("without a good version its targets are shut, and its namespace where they cannot be told", () => {
    const store = new PolicyStore();
    take(store, raw(unknownSpec));
    expect(only(store)).toEqual({ targets: "Service shop/api", unusable: [expect.stringContaining("kind")] });
    take(store, { ...raw(message), body: new Uint8Array([255, 255, 255]) });
    expect(only(store).targets).toBe("Namespace shop");
    take(store, policy());
    expect(only(store).unusable).toEqual([]);
  });

  test("one that says that it is shadowed shuts nothing", () => {
    const store = new PolicyStore();
    take(store, raw({ ...policyMessage({ mode: "Shadow" }), authorization: null }));
    expect(store.all()).toMatchObject([{ spec: { authorization: { mode: "Shadow" } } }]);
  });

  test("and it goes like any other", () => {
    const store = new PolicyStore();
    take(store, raw(unknownSpec));
    expect(store.apply(removal(typeUrls.policy, name)).changes).toMatchObject([{ after: undefined }]);
    expect(store.all()).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KubeObject } from "../kube-object.ts";
import type { KubeResource } from "../kube-resource.ts";
import { resourcePath } from "../kube-resource.ts";
import { type ApiWorld, openApiWorld } from "../testing/api-world.ts";
import { ApiError, isAlreadyExists, isConflict } from "../transport/api-error.ts";
import {
  applyObject,
  createObject,
  deleteObject,
  getObject,
  listObjects,
  patchObject,
  replaceObject,
} from "./objects.ts";
import { returnManagedFields } from "./return-managed-fields.ts";

interface Service extends KubeObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
  readonly status?: object;
}

const services: KubeResource = {
  group: "",
  version: "v1",
  plural: "services",
  kind: "Service",
  namespaced: true,
};
const classes: KubeResource = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "gatewayclasses",
  namespaced: false,
};
const id = { namespace: "shop", name: "cart" };
const waystone = { fieldManager: "waystone" };
const owner = { fieldManager: "kubectl" };

const cart: Service = {
  metadata: { ...id },
  spec: { selector: { app: "cart" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
};

let world: ApiWorld;
beforeEach(async () => {
  world = await openApiWorld();
});
afterEach(() => world.close());

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => expect.fail("it should have failed"),
    (thrown: unknown) => thrown,
  );

describe("paths", () => {
  test.for<[string, string]>([
    [resourcePath(services), "/api/v1/services"],
    [resourcePath(services, id), "/api/v1/namespaces/shop/services/cart"],
    [
      resourcePath(services, { ...id, subresource: "status" }),
      "/api/v1/namespaces/shop/services/cart/status",
    ],
    [resourcePath(classes, { name: "a" }), "/apis/gateway.networking.k8s.io/v1/gatewayclasses/a"],
    [resourcePath(services, { namespace: "a/b", name: "c?d" }), "/api/v1/namespaces/a%2Fb/services/c%3Fd"],
  ])("%s", ([actual, expected]) => expect(actual).toBe(expected));

  test("a name can't lead to another object", () => {
    expect(() => resourcePath(services, { namespace: "shop", name: ".." })).toThrow(/names no object/);
    expect(() => resourcePath(services, { namespace: "", name: "a" })).toThrow(/names no object/);
  });
});

describe("an object", () => {
  test("is made, read, replaced and deleted; none is undefined, not an error", async () => {
    const { transport } = world;
    expect(await getObject(transport, services, id)).toBeUndefined();
    const made = await createObject(transport, services, cart, waystone);
    expect(made).toMatchObject({ apiVersion: "v1", kind: "Service", metadata: { name: "cart" } });
    expect(isAlreadyExists(await failure(createObject(transport, services, cart, waystone)))).toBe(true);
    const replaced = await replaceObject(
      transport,
      services,
      { ...made, spec: { selector: { app: "new" } } },
      waystone,
    );
    expect(replaced.spec).toEqual({ selector: { app: "new" } });
    expect(isConflict(await failure(replaceObject(transport, services, made, waystone)))).toBe(true);
    expect(await deleteObject(transport, services, id)).toBe(true);
    expect(await deleteObject(transport, services, id)).toBe(false);
  });

  test("is deleted only if it is that very one, and not if it changed", async () => {
    const { transport } = world;
    const { metadata } = await createObject(transport, services, cart, waystone);
    expect(isConflict(await failure(deleteObject(transport, services, id, { uid: "another" })))).toBe(true);
    expect(isConflict(await failure(deleteObject(transport, services, id, { resourceVersion: "1" })))).toBe(
      true,
    );
    const { uid, resourceVersion } = metadata;
    expect(
      await deleteObject(transport, services, id, { uid, resourceVersion, propagation: "Background" }),
    ).toBe(true);
  });

  test("of a kind with namespaces needs one", async () => {
    const nowhere = { metadata: { name: "cart" } };
    const error = await failure(createObject(world.transport, services, nowhere, waystone));
    expect(error).toHaveProperty(
      "message",
      "services cart: metadata.namespace is missing, and this kind needs one",
    );
  });

  test("is patched: merge, JSON with a test, and its status alone through the status path", async () => {
    const { transport } = world;
    await createObject(transport, services, cart, waystone);
    const merge = { metadata: { annotations: { "waystone.dev/a": "1" } } };
    const merged = await patchObject<Service>(
      transport,
      services,
      id,
      { type: "merge", patch: merge },
      waystone,
    );
    expect(merged.metadata.annotations).toEqual({ "waystone.dev/a": "1" });
    const steps = [
      { op: "test", path: "/spec/selector/app", value: "cart" },
      { op: "replace", path: "/spec/selector", value: { app: "waypoint" } },
      { op: "remove", path: "/metadata/annotations/waystone.dev~1a" },
    ] as const;
    const patched = await patchObject<Service>(
      transport,
      services,
      id,
      { type: "json", patch: steps },
      waystone,
    );
    expect([patched.spec?.selector, patched.metadata.annotations]).toEqual([{ app: "waypoint" }, {}]);
    expect(
      await failure(patchObject(transport, services, id, { type: "json", patch: steps }, waystone)),
    ).toMatchObject({
      status: 422,
    });
    const status = { status: { conditions: [{ type: "Ready", status: "True" }] }, spec: { selector: {} } };
    const onStatus = { ...waystone, subresource: "status" } as const;
    const told = await patchObject<Service>(
      transport,
      services,
      id,
      { type: "merge", patch: status },
      onStatus,
    );
    expect([told.spec?.selector, told.status]).toEqual([{ app: "waypoint" }, status.status]);
  });

  test("a dry run changes nothing", async () => {
    await applyObject(world.transport, services, cart, { ...waystone, isDryRun: true });
    expect(await getObject(world.transport, services, id)).toBeUndefined();
  });
});

test("all objects are listed, page by page", async () => {
  for (let at = 0; at < 1001; at++)
    world.server.put("services", { metadata: { name: `s${at}`, namespace: "shop" } });
  expect(await listObjects(world.transport, services, { namespace: "shop" })).toHaveLength(1001);
  expect(await listObjects(world.transport, services, { namespace: "other" })).toHaveLength(0);
  expect(world.server.seen).toHaveLength(4);
});

describe("server-side apply", () => {
  test("makes, changes, and gives up what it no longer names", async () => {
    const { transport } = world;
    const labelled = { ...cart, metadata: { ...id, labels: { a: "1", b: "1" } } };
    await applyObject(transport, services, labelled, waystone);
    const applied = await applyObject<Service>(
      transport,
      services,
      { ...cart, metadata: { ...id, labels: { a: "2" } } },
      waystone,
    );
    expect(applied.metadata.labels).toEqual({ a: "2" });
    expect(applied.spec).toEqual(cart.spec);
  });

  test("leaves what others own, and takes it only by force", async () => {
    const { transport } = world;
    await applyObject(transport, services, cart, owner);
    const ours: Service = {
      metadata: { ...id, labels: { ours: "1" } },
      spec: { selector: { app: "waypoint" } },
    };
    const error = await failure(applyObject(transport, services, ours, { ...waystone, isForced: false }));
    expect(isConflict(error)).toBe(true);
    expect(error instanceof ApiError && error.causes).toEqual([
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl"', field: ".spec.selector" },
    ]);
    const forced = await applyObject<Service>(transport, services, ours, waystone);
    expect(forced.spec).toEqual({ selector: { app: "waypoint" }, ports: cart.spec?.ports });
  });

  test("ports are told apart by number and protocol, so that one is changed and the others stay", async () => {
    const { transport } = world;
    const two = {
      ...cart,
      spec: {
        ports: [
          { name: "http", port: 80 },
          { name: "metrics", port: 9090 },
        ],
      },
    };
    await applyObject(transport, services, two, owner);
    const ours = { metadata: id, spec: { ports: [{ name: "http", port: 80, targetPort: 10_001 }] } };
    const applied = await applyObject<Service>(transport, services, ours, waystone);
    expect(applied.spec?.ports).toEqual([
      { name: "http", port: 80, targetPort: 10_001 },
      { name: "metrics", port: 9090 },
    ]);
  });
});

describe("ownership is given back after a write of ours", () => {
  async function captured(): Promise<{ before: Service; after: Service }> {
    const { transport } = world;
    const before = await applyObject<Service>(transport, services, cart, owner);
    const patch = {
      spec: { selector: { app: "waypoint" } },
      metadata: { annotations: { "waystone.dev/a": "1" } },
    };
    const after = await patchObject<Service>(transport, services, id, { type: "merge", patch }, waystone);
    expect(after.metadata.managedFields?.map(({ manager }) => manager)).toEqual(["kubectl", "waystone"]);
    return { before, after };
  }

  test("the owner applies without a conflict, as without us", async () => {
    const { transport } = world;
    const { before, after } = await captured();
    const given = await returnManagedFields(transport, { resource: services, before, after, ...waystone });
    expect(given?.metadata.managedFields).toEqual(before.metadata.managedFields);
    expect(given?.spec?.selector).toEqual({ app: "waypoint" });
    const applied = await applyObject<Service>(transport, services, cart, { ...owner, isForced: false });
    expect(applied.spec?.selector).toEqual({ app: "cart" });
  });

  test("without it there is a conflict: so the server of these tests would tell", async () => {
    await captured();
    const error = await failure(applyObject(world.transport, services, cart, { ...owner, isForced: false }));
    expect(isConflict(error)).toBe(true);
  });

  test("also when someone wrote in between, and what they took stays theirs", async () => {
    const { transport } = world;
    const { before, after } = await captured();
    const patch = { metadata: { labels: { team: "blue" } } };
    await patchObject(transport, services, id, { type: "merge", patch }, { fieldManager: "helm" });
    const given = await returnManagedFields(transport, { resource: services, before, after, ...waystone });
    expect(given?.metadata.managedFields?.map(({ manager }) => manager)).toEqual(["kubectl", "helm"]);
    await applyObject(transport, services, cart, { ...owner, isForced: false });
  });

  test("not to an object of the same name that is another", async () => {
    const { transport } = world;
    const { before, after } = await captured();
    await deleteObject(transport, services, id);
    await createObject(transport, services, cart, owner);
    expect(
      await returnManagedFields(transport, { resource: services, before, after, ...waystone }),
    ).toBeUndefined();
  });
});

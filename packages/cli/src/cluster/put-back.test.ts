/** One captured Service put back without a controller: what is taken away at once, and what waits for one. */
import { openApiWorld } from "@waystone/kube/testing/api-world";
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KubeObject } from "@waystone/kube/kube-object";
import { getObject, listObjects } from "@waystone/kube/objects/objects";
import { kinds } from "./kinds.ts";
import { putBack } from "./put-back.ts";

let world: Awaited<ReturnType<typeof openApiWorld>>;

beforeEach(async () => {
  world = await openApiWorld();
});

afterEach(async () => await world.close());

const ports = (targetPort: number | string) => [{ name: "http", port: 80, protocol: "TCP", targetPort }];
const original = JSON.stringify({ selector: { app: "web" }, targetPorts: { "80/TCP": "http" } });
const marks = { [captureKeys.capturedBy]: "shop/waypoint", [captureKeys.original]: original };

function putFront(isCaptured: boolean): void {
  world.server.put("services", {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop", annotations: isCaptured ? marks : {} },
    spec: isCaptured
      ? { selector: { [captureKeys.waypoint]: "waypoint" }, ports: ports(10_001) }
      : { selector: { app: "web" }, ports: ports("http") },
  });
}

function putShadow(): void {
  world.server.put("services", {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "web-shadow-1",
      namespace: "shop",
      labels: { [captureKeys.shadowOf]: "web" },
      annotations: { [captureKeys.waypoint]: "shop/waypoint" },
    },
    spec: { clusterIP: "None", selector: { app: "web" }, ports: ports("http") },
  });
}

async function get(name: string): Promise<Service | undefined> {
  return await getObject<Service>(world.transport, kinds.service, { namespace: "shop", name });
}

async function restore(keepsMarker: boolean): Promise<void> {
  const [front, shadow] = [await get("web"), await get("web-shadow-1")];
  if (front === undefined) throw new Error("there is no front");
  await putBack(world.transport, { front, shadow }, { timeoutMs: 1_000, keepsMarker });
}

async function names(): Promise<readonly string[]> {
  const services = await listObjects<KubeObject>(world.transport, kinds.service, { namespace: "shop" });
  return services.map(({ metadata }) => metadata.name);
}

describe("a captured Service", () => {
  test("has its own selector and ports again, and only the marker that keeps it so", async () => {
    putFront(true);
    putShadow();
    await restore(true);
    const front = await get("web");
    expect(front?.spec).toMatchObject({ selector: { app: "web" }, ports: ports("http") });
    expect(front?.metadata.annotations).toEqual({ [captureKeys.release]: "true" });
  });

  test("leaves its shadow to the controller that closes the connections which clients keep", async () => {
    putFront(true);
    putShadow();
    await restore(true);
    expect(await names()).toEqual(["web", "web-shadow-1"]);
  });

  test("has no shadow any more after a second call", async () => {
    putFront(true);
    putShadow();
    await restore(true);
    await restore(true);
    expect(await names()).toEqual(["web"]);
  });

  test("leaves neither shadow nor marker where Waystone is uninstalled", async () => {
    putFront(true);
    putShadow();
    await restore(false);
    expect(await names()).toEqual(["web"]);
    expect((await get("web"))?.metadata.annotations ?? {}).toEqual({});
  });
});

test("of a Service that nobody was led away from, only the shadow goes", async () => {
  putFront(false);
  putShadow();
  await restore(true);
  expect(await names()).toEqual(["web"]);
  expect((await get("web"))?.metadata.annotations ?? {}).toEqual({});
});

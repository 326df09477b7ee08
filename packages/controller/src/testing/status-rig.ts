/** An API server, and the writer of statuses on it. */
import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import type { Clock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import { afterEach, beforeEach } from "vitest";
import type { SourcedObject } from "../model/sources.ts";
import type { Service } from "@waystone/api/kubernetes/core";
import { emptyStatus, type ObjectStatus } from "../translate/object-status.ts";
import { type LiveObjects, openStatusWriter } from "../status/write-statuses.ts";

export const id = { namespace: "shop", name: "web" };
export const parentRef = { group: "", kind: "Service", name: "web" };
export const manager = { fieldManager: "somebody" };
export const gatewayApi = { group: "gateway.networking.k8s.io", version: "v1", namespaced: true };
export const httpRoutesKind = { ...gatewayApi, plural: "httproutes", kind: "HTTPRoute" };

/** For one test file: an API server for each test, and the writer of its statuses. */
export function useStatusRig() {
  let world: ApiWorld;
  let writer: { close(): Promise<void> } | undefined;
  beforeEach(async () => {
    world = await openApiWorld();
  });
  const closeWriter = async (): Promise<void> => {
    await writer?.close();
    writer = undefined;
  };
  afterEach(async () => {
    await closeWriter();
    await world.close();
  });

  function setup() {
    const graph = createCollectionGraph();
    const statuses = graph.source<ObjectStatus>({ name: "statuses", key: ({ key }) => key });
    const services = graph.source<SourcedObject<Service>>({ name: "services", key: ({ key }) => key });
    const httpRoutes = graph.source<SourcedObject<HTTPRoute>>({ name: "routes", key: ({ key }) => key });
    const open = (live: LiveObjects = {}, clock: Clock = world.clock): void => {
      const { transport } = world;
      writer = openStatusWriter({
        transport,
        statuses,
        live,
        clock,
        rng: seededRng(1),
        logger: silentLogger,
      });
    };
    return {
      statuses,
      services,
      httpRoutes,
      open,
      writes: () => world.server.seen.filter(({ method }) => method === "PATCH"),
      reads: () => world.server.seen.filter(({ method }) => method === "GET"),
    };
  }

  return { setup, closeWriter, world: () => world };
}

export function status(kind: string, parts: Partial<ObjectStatus>): ObjectStatus {
  const object = { apiVersion: "", kind, metadata: { ...id, generation: 3 } };
  return { ...emptyStatus(object, undefined), ...parts };
}

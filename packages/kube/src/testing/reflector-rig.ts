/** A reflector of an API server that tests make faults of, and what came of its objects. */
import { afterEach, beforeEach } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import type { Event, SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type KubeObject, objectKey } from "../kube-object.ts";
import type { KubeResource } from "../kube-resource.ts";
import { type ApiWorld, openApiWorld } from "./api-world.ts";
import { openReflector } from "../reflector/open-reflector.ts";
import type { Reflector } from "../reflector/reflector.ts";

export const pods: KubeResource = { group: "", version: "v1", plural: "pods", namespaced: true };
export const routes: KubeResource = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "httproutes",
  namespaced: true,
};

interface Seen {
  readonly id: string;
  readonly value: string;
}

/** For one test file: an API server for each test, and what a reflector makes of its objects. */
export function useReflectorRig() {
  let world: ApiWorld;
  let reflector: Reflector | undefined;
  let into: SourceCollection<Seen>;
  let events: Event<Seen>[];
  let onStrip: (object: KubeObject) => void;

  beforeEach(async () => {
    world = await openApiWorld();
    const graph = createCollectionGraph();
    into = graph.source<Seen>({ name: "seen", key: (item) => item.id });
    events = [];
    onStrip = () => {};
    into.subscribe((batch) => events.push(...batch));
  });

  afterEach(async () => {
    await reflector?.close();
    reflector = undefined;
    await world.close();
  });

  function follow(
    resource: KubeResource = pods,
    options: { livenessMs?: number; labelSelector?: string } = {},
  ): Reflector {
    const strip = (object: KubeObject): Seen => {
      onStrip(object);
      return { id: objectKey(object), value: object.metadata.labels?.["value"] ?? "" };
    };
    const { transport, clock } = world;
    const key = (item: Seen): string => item.id;
    const fixed = { transport, clock, into, key, strip, rng: seededRng(7), logger: silentLogger };
    reflector = openReflector({ ...fixed, resource, ...options });
    return reflector;
  }

  function put(name: string, value: string, plural = "pods"): void {
    world.server.put(plural, { metadata: { name, namespace: "shop", labels: { value } } });
  }

  const shown = (): Record<string, string> =>
    Object.fromEntries(into.list().map(({ id, value }) => [id, value]));

  async function synced(resource?: KubeResource): Promise<Reflector> {
    const opened = follow(resource);
    await world.passUntil(() => opened.isSynced, "it is synced");
    return opened;
  }

  /** Complete lists; those of one object only ask how far the server has come. */
  const requestsOf = (kind: "list" | "watch"): number =>
    world.server.seen.filter(
      ({ query }) => (query["watch"] === "true") === (kind === "watch") && query["limit"] !== "1",
    ).length;

  return {
    follow,
    put,
    shown,
    synced,
    requestsOf,
    get world() {
      return world;
    },
    get into() {
      return into;
    },
    get events() {
      return events;
    },
    onStrip(told: (object: KubeObject) => void): void {
      onStrip = told;
    },
  };
}

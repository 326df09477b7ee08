/** Whatever happens in whatever order, the model of a cluster is as if it had been built from what is there now. */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { captureKeys, useWaypointKey } from "@waystone/api/names";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { createManifestSources, type ManifestSources } from "../testing/manifest-sources.ts";
import { frontObject, shadowObject } from "../testing/shadow-objects.ts";
import { buildCaptureViews } from "./capture-views.ts";
import { buildModel } from "./model.ts";
import { shadowName } from "./shadow-name.ts";

type Edit = { readonly set: KubernetesObject } | { readonly remove: readonly [kind: string, key: string] };

const name = fc.constantFrom("a", "b");
const gateway = fc.constantFrom("shop/w", "shop/v");
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const front = fc
  .record({
    name,
    captor: maybe(gateway),
    ask: maybe(fc.constantFrom("w", "v", "none")),
    release: fc.boolean(),
  })
  .map(({ name: of, captor, ask, release }) =>
    frontObject({
      name: of,
      annotations: {
        ...(captor !== undefined && { [captureKeys.capturedBy]: captor }),
        ...(ask !== undefined && { [useWaypointKey]: ask }),
        ...(release && { [captureKeys.release]: "true" }),
      },
    }),
  );
const shadow = fc
  .record({
    name,
    waypoint: maybe(gateway),
    movingTo: maybe(gateway),
    port: fc.constantFrom(10_000, 10_001),
    isLeftOver: fc.boolean(),
  })
  .map(({ name: of, waypoint, movingTo, port, isLeftOver }) =>
    shadowObject(frontObject({ name: of }), {
      waypoint,
      movingTo,
      ports: { 80: port },
      ...(isLeftOver && { ownerUid: "gone" }),
    }),
  );
const slice = fc
  .record({ name, isOfShadow: fc.boolean(), isOurs: fc.boolean(), pod: fc.constantFrom("p", "q") })
  .map(({ name: of, isOfShadow, isOurs, pod }) => {
    const service = isOfShadow ? shadowName("shop", of) : of;
    const managedBy = isOurs ? "waystone.dev" : "endpointslice-controller.k8s.io";
    return {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        namespace: "shop",
        name: `${service}-${isOurs}`,
        labels: {
          "kubernetes.io/service-name": service,
          "endpointslice.kubernetes.io/managed-by": managedBy,
        },
      },
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080 }],
      endpoints: [{ addresses: ["10.0.0.1"], targetRef: { kind: "Pod", namespace: "shop", name: pod } }],
    };
  });
const pod = fc
  .record({ name: fc.constantFrom("p", "q"), of: maybe(fc.constantFrom("w", "v")), isReady: fc.boolean() })
  .map(({ name: called, of, isReady }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace: "shop",
      name: called,
      labels: {
        app: "a",
        ...(of !== undefined && { [captureKeys.waypoint]: of, "app.kubernetes.io/managed-by": "waystone" }),
      },
    },
    status: { phase: "Running", podIP: "10.0.0.1", conditions: [{ type: "Ready", status: String(isReady) }] },
  }));
const policy = fc.constantFrom("a", "b").map((app) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { namespace: "shop", name: "guard" },
  spec: { podSelector: { matchLabels: { app } } },
}));
const namespace = maybe(fc.constantFrom("w", "none")).map((ask) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", annotations: ask === undefined ? {} : { [useWaypointKey]: ask } },
}));
const removal = fc.oneof(
  name.map((of): Edit => ({ remove: ["Service", `shop/${of}`] })),
  name.map((of): Edit => ({ remove: ["Service", `shop/${shadowName("shop", of)}`] })),
  fc.constantFrom("p", "q").map((of): Edit => ({ remove: ["Pod", `shop/${of}`] })),
  fc.constant<Edit>({ remove: ["NetworkPolicy", "shop/guard"] }),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.oneof(front, shadow, slice, pod, policy, namespace).map((set): Edit => ({ set })),
  },
  { weight: 1, arbitrary: removal },
);

interface Built {
  readonly sources: ManifestSources;
  readonly shown: () => unknown;
}

/** A model over what is there already. */
function build(objects: readonly KubernetesObject[] = []): Built {
  const sources = createManifestSources("", { cluster: { ownNamespace: "waystone-system" } });
  sources.applyObjects(objects);
  const model = buildModel(sources.sources, sources.graph, { standalone: false });
  const views = buildCaptureViews(sources.graph, model);
  const shown = (): unknown =>
    [model.services, model.slices, model.captureTargets, views].map((collection) =>
      collection.list().toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    );
  return { sources, shown };
}

test("after any edits in any order everything is as if it had been built from what is there now", () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
      const { sources, shown } = build();
      const now = new Map<string, KubernetesObject>();
      for (const [at, each] of edits.entries()) {
        if ("remove" in each) {
          const [kind, key] = each.remove;
          sources.remove(kind, key);
          now.delete(`${kind} ${key}`);
          continue;
        }
        const { metadata, kind } = each.set;
        // Generations count edits, which a fresh build has not seen.
        const object = { ...each.set, metadata: { ...metadata, generation: at + 1 } };
        sources.applyObjects([object]);
        const key =
          metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
        now.set(`${kind} ${key}`, object);
      }
      expect(shown()).toEqual(build([...now.values()]).shown());
    }),
    { numRuns: 150 },
  );
});

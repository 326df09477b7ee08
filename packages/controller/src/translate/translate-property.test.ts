/** What holds for whatever is written: see each test's name. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { typeUrls } from "@waystone/api/names";
import { Route } from "@waystone/api/resources";
import { routeFromResource } from "@waystone/engine/route/route-from-resource";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { buildCatalog } from "../push/catalog.ts";
import { createManifestSources, type ManifestSources, parseManifests } from "../testing/manifest-sources.ts";
import { translate } from "./translate.ts";

const world = parseManifests(`
apiVersion: v1
kind: Namespace
metadata: {name: a, annotations: {waystone.dev/use-waypoint: w}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: a}
spec: {clusterIP: 127.0.0.11, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: calls, namespace: a}
spec: {clusterIP: 127.0.0.12, ports: [{name: grpc, port: 80}]}
`);

const oddText = fc.oneof(
  fc.constantFrom(
    "",
    "/",
    "//",
    "/a/../b",
    "/%2f",
    "a\r\nb",
    "\u0000",
    "(",
    "[a-",
    "x",
    "é",
    "*",
    "Host",
    "GET",
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const header = fc.record({ name: oddText, value: oddText });
const backend = fc.record(
  {
    group: fc.constantFrom("", "x.y"),
    kind: fc.constantFrom("Service", "Bucket"),
    namespace: fc.constantFrom("a", "b"),
    name: fc.constantFrom("web", "nobody"),
    port: fc.constantFrom(80, 81, 0),
    weight: fc.constantFrom(0, 1, 1_000_000),
  },
  { requiredKeys: ["name"] },
);
const valueMatch = fc.record(
  { type: fc.constantFrom("Exact", "RegularExpression"), name: oddText, value: oddText },
  { requiredKeys: ["name", "value"] },
);
const match = fc.record(
  {
    path: fc.record(
      { type: fc.constantFrom("Exact", "PathPrefix", "RegularExpression"), value: oddText },
      { requiredKeys: [] },
    ),
    headers: fc.array(valueMatch, { maxLength: 2 }),
    queryParams: fc.array(valueMatch, { maxLength: 2 }),
    method: oddText,
  },
  { requiredKeys: [] },
);
const headerFilter = fc.record(
  {
    set: fc.array(header, { maxLength: 2 }),
    add: fc.array(header, { maxLength: 2 }),
    remove: fc.array(oddText, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const path = fc.oneof(
  fc.record({ type: fc.constant("ReplaceFullPath"), replaceFullPath: oddText }),
  fc.record({ type: fc.constant("ReplacePrefixMatch"), replacePrefixMatch: oddText }),
  fc.record({ type: fc.constantFrom("ReplaceFullPath", "ReplacePrefixMatch") }),
);
const filter = fc.oneof(
  fc.record({ type: fc.constant("RequestHeaderModifier"), requestHeaderModifier: headerFilter }),
  fc.record({ type: fc.constant("ResponseHeaderModifier"), responseHeaderModifier: headerFilter }),
  fc.record({
    type: fc.constant("RequestRedirect"),
    requestRedirect: fc.record(
      {
        scheme: oddText,
        hostname: oddText,
        path,
        port: fc.integer({ min: 0, max: 70_000 }),
        statusCode: fc.constantFrom(200, 301, 302, 999),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    type: fc.constant("URLRewrite"),
    urlRewrite: fc.record({ hostname: oddText, path }, { requiredKeys: [] }),
  }),
  fc.record({
    type: fc.constant("RequestMirror"),
    requestMirror: fc.record(
      {
        backendRef: backend,
        percent: fc.integer({ min: -1, max: 101 }),
        fraction: fc.record({
          numerator: fc.integer({ min: 0, max: 9 }),
          denominator: fc.integer({ min: 0, max: 9 }),
        }),
      },
      { requiredKeys: ["backendRef"] },
    ),
  }),
  fc.record({
    type: fc.constant("CORS"),
    cors: fc.record(
      {
        allowOrigins: fc.array(oddText, { maxLength: 2 }),
        allowMethods: fc.array(oddText, { maxLength: 2 }),
        exposeHeaders: fc.array(oddText, { maxLength: 2 }),
        maxAge: fc.integer({ min: 0, max: 100 }),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ type: fc.constantFrom("CORS", "ExternalAuth", "ExtensionRef", "URLRewrite", "FromTheFuture") }),
);
const filters = fc.array(filter, { maxLength: 3 });
const duration = fc.constantFrom("0s", "1s", "99999h", "1ms", "x", "");
const rule = fc.record(
  {
    name: fc.constantFrom("one", "two"),
    matches: fc.array(match, { maxLength: 3 }),
    filters,
    backendRefs: fc.array(
      fc.tuple(backend, filters).map(([ref, own]) => ({ ...ref, filters: own })),
      { maxLength: 3 },
    ),
    timeouts: fc.record({ request: duration, backendRequest: duration }, { requiredKeys: [] }),
    retry: fc.record(
      {
        attempts: fc.integer({ min: -1, max: 3 }),
        codes: fc.array(fc.integer({ min: 300, max: 700 }), { maxLength: 3 }),
        backoff: duration,
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

test("whatever a route says, what is pushed for it is something that a waypoint accepts", () => {
  const manifests = createManifestSources();
  const { graph, sources } = manifests;
  manifests.applyObjects(world);
  const { resources, statuses } = translate(sources, buildModel(sources, graph, { standalone: true }), graph);
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), (rules) => {
      const route = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "r", namespace: "a" },
        spec: { parentRefs: [{ group: "", kind: "Service", name: "web" }], rules },
      };
      manifests.applyObjects([route]);
      const resource = resources.get(`${typeUrls.route} HTTPRoute/a/r`);
      expect(resource).toBeDefined();
      expect(() => routeFromResource(Route.decode(resource?.body ?? new Uint8Array()))).not.toThrow();
      const parent = statuses.get("HTTPRoute/a/r")?.parents[0];
      expect(parent?.conditions.map(({ type }) => type)).toEqual(
        expect.arrayContaining(["Accepted", "ResolvedRefs"]),
      );
    }),
    { numRuns: 600 },
  );
});

const call = fc.record(
  {
    method: fc.record(
      { type: fc.constantFrom("Exact", "RegularExpression"), service: oddText, method: oddText },
      { requiredKeys: [] },
    ),
    headers: fc.array(valueMatch, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const grpcRule = fc.record(
  { matches: fc.array(call, { maxLength: 3 }), filters, backendRefs: fc.array(backend, { maxLength: 2 }) },
  { requiredKeys: [] },
);

test("whatever a GRPCRoute says, what is pushed for it is something that a waypoint accepts", () => {
  const manifests = createManifestSources();
  const { graph, sources } = manifests;
  manifests.applyObjects(world);
  const { resources } = translate(sources, buildModel(sources, graph, { standalone: true }), graph);
  fc.assert(
    fc.property(fc.array(grpcRule, { maxLength: 3 }), (rules) => {
      const route = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GRPCRoute",
        metadata: { name: "r", namespace: "a" },
        spec: { parentRefs: [{ group: "", kind: "Service", name: "calls" }], rules },
      };
      manifests.applyObjects([route]);
      const resource = resources.get(`${typeUrls.route} GRPCRoute/a/r`);
      expect(resource).toBeDefined();
      expect(() => routeFromResource(Route.decode(resource?.body ?? new Uint8Array()))).not.toThrow();
    }),
    { numRuns: 400 },
  );
});

const edits: readonly KubernetesObject[] = parseManifests(`
apiVersion: v1
kind: Namespace
metadata: {name: a}
---
apiVersion: v1
kind: Namespace
metadata: {name: a, annotations: {waystone.dev/use-waypoint: w}}
---
apiVersion: v1
kind: Namespace
metadata: {name: a, annotations: {waystone.dev/use-waypoint: gate}}
---
apiVersion: v1
kind: Namespace
metadata: {name: b, labels: {waystone.dev/use-waypoint: gate, waystone.dev/use-waypoint-namespace: a}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: a}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: a}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: a}
spec: {clusterIP: 127.0.0.11, selector: {app: web}, ports: [{name: http, port: 80, targetPort: web}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: a}
spec: {clusterIP: None, selector: {app: web}, ports: [{name: plain, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: b}
spec: {clusterIP: 127.0.0.11, ports: [{name: plain, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: a, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.0.0.1]}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: b, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: plain, port: 8080}]
endpoints: [{addresses: [10.0.0.2]}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: a, labels: {app: web}}
spec: {containers: [{name: c, ports: [{name: web, containerPort: 8080}]}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: a, labels: {app: web}}
spec: {containers: [{name: c, ports: [{name: web, containerPort: 8081}]}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: a, labels: {app: none}}
spec: {containers: [{name: c}]}
status: {podIP: 10.0.0.2}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: own, namespace: a}
spec:
  parentRefs: [{group: "", kind: Service, name: web}]
  rules: [{backendRefs: [{namespace: b, name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: own, namespace: a}
spec:
  parentRefs: [{group: "", kind: Service, namespace: b, name: web, port: 80}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: other, namespace: b}
spec:
  parentRefs: [{group: "", kind: Service, name: web}]
  rules: [{backendRefs: [{name: nobody, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: own, namespace: a}
spec:
  parentRefs: [{group: "", kind: Service, name: web}, {group: "", kind: Service, namespace: b, name: web, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: own, namespace: b}
spec:
  parentRefs: [{group: "", kind: Service, namespace: a, name: web}]
  rules: [{backendRefs: [{name: web, port: 80}, {namespace: a, name: web, port: 80}]}]
`).map((object) => ({ ...object, metadata: { ...object.metadata, generation: 1 } }));

function build(sources: ManifestSources): () => unknown {
  const model = buildModel(sources.sources, sources.graph, { standalone: true });
  const translated = translate(sources.sources, model, sources.graph);
  const catalog = buildCatalog(sources.graph, model, translated);
  const versions = (scope: string): string[] =>
    [typeUrls.service, typeUrls.endpointSlice, typeUrls.route]
      .flatMap((type) => [...catalog.list(type, scope)])
      .map(({ name, version }) => `${name} ${version}`)
      .toSorted();
  const byKey = <T extends { readonly key: string }>(items: readonly T[]): T[] =>
    items.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return () => ({
    scopes: ["*", "a/w", "a/gate"].map(versions),
    workloads: ["10.0.0.1", "10.0.0.2"].map((ip) => catalog.get(typeUrls.workload, ip, "*")?.version),
    statuses: byKey(translated.statuses.list()),
  });
}

test("after any edits in any order everything is as if it had been built from what is there now", () => {
  const edit = fc.record({ index: fc.nat(edits.length - 1), isRemoval: fc.nat(3).map((die) => die === 0) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 30, size: "max" }), (steps) => {
      const living = createManifestSources();
      const look = build(living);
      const current = new Map<string, KubernetesObject>();
      for (const { index, isRemoval } of steps) {
        const object = edits[index];
        if (object === undefined) continue;
        const { namespace, name } = object.metadata;
        const key = namespace === undefined ? name : `${namespace}/${name}`;
        if (isRemoval) {
          living.remove(object.kind, key);
          current.delete(`${object.kind} ${key}`);
        } else {
          living.applyObjects([object]);
          current.set(`${object.kind} ${key}`, object);
        }
      }
      const fresh = createManifestSources();
      fresh.applyObjects([...current.values()]);
      expect(look()).toEqual(build(fresh)());
    }),
    { numRuns: 300 },
  );
});

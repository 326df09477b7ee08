/** What holds for whatever a route says: see each test's name. */
import { typeUrls } from "@waystone/api/names";
import { Route } from "@waystone/api/resources";
import { routeFromResource } from "@waystone/engine/route/route-from-resource";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { createManifestSources, parseManifests } from "../testing/manifest-sources.ts";
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
  fc.record({
    type: fc.constant("ExternalAuth"),
    externalAuth: fc.record(
      {
        protocol: fc.constantFrom("HTTP", "GRPC"),
        backendRef: backend,
        grpc: fc.record({ allowedHeaders: fc.array(oddText, { maxLength: 2 }) }, { requiredKeys: [] }),
        http: fc.record(
          {
            path: fc.constantFrom("/check", "check", "/a/../b", ""),
            allowedHeaders: fc.array(oddText, { maxLength: 2 }),
            allowedResponseHeaders: fc.array(oddText, { maxLength: 2 }),
          },
          { requiredKeys: [] },
        ),
        forwardBody: fc.record({ maxSize: fc.constantFrom(0, 1, 2 ** 31 - 1) }, { requiredKeys: [] }),
      },
      { requiredKeys: ["protocol", "backendRef"] },
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

/** A world in which a route named "r" of one kind says one thing after another; its resource is one that a waypoint accepts. */
function openRoutes(kind: "HTTPRoute" | "GRPCRoute", service: string) {
  const manifests = createManifestSources();
  const { graph, sources } = manifests;
  manifests.applyObjects(world);
  const { resources, statuses } = translate(sources, buildModel(sources, graph, { standalone: true }), graph);
  return (rules: readonly object[]) => {
    const spec = { parentRefs: [{ group: "", kind: "Service", name: service }], rules };
    const metadata = { name: "r", namespace: "a" };
    const route = { apiVersion: "gateway.networking.k8s.io/v1", kind, metadata, spec };
    manifests.applyObjects([route]);
    const resource = resources.get(`${typeUrls.route} ${kind}/a/r`);
    expect(resource).toBeDefined();
    expect(() => routeFromResource(Route.decode(resource?.body ?? new Uint8Array()))).not.toThrow();
    return statuses.get(`${kind}/a/r`)?.parents[0]?.conditions.map(({ type }) => type);
  };
}

test("whatever a route says, what is pushed for it is something that a waypoint accepts", () => {
  const write = openRoutes("HTTPRoute", "web");
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), (rules) => {
      expect(write(rules)).toEqual(expect.arrayContaining(["Accepted", "ResolvedRefs"]));
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
  const write = openRoutes("GRPCRoute", "calls");
  fc.assert(
    fc.property(fc.array(grpcRule, { maxLength: 3 }), (rules) => {
      expect(write(rules)).toEqual(expect.arrayContaining(["Accepted", "ResolvedRefs"]));
    }),
    { numRuns: 400 },
  );
});

/** Who gets what, and what is announced when that changes. */
import { type TypeUrl, typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { Service } from "@waystone/api/resources";
import type { CatalogChange, EncodedResource, ResourceCatalog } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { createManifestSources, type ManifestSources } from "../testing/manifest-sources.ts";
import { frontObject, shadowObject } from "../testing/shadow-objects.ts";
import { translate } from "../translate/translate.ts";
import { buildCatalog } from "./catalog.ts";

const world = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Namespace
metadata: {name: billing, annotations: {waystone.dev/use-waypoint: waypoint}}
---
${service("shop", "web", "127.0.0.11")}
---
${service("billing", "pay", "127.0.0.12")}
---
${service("lib", "common", "10.0.0.1")}
---
${service("lib", "unused", "10.0.0.2")}
---
${slice("shop", "web", "10.1.0.1")}
---
${slice("billing", "pay", "10.1.0.2")}
---
${slice("lib", "common", "10.1.0.3")}
---
${slice("lib", "unused", "10.1.0.4")}
---
${route("shop", "web", "web", "lib", "common")}
`;

function service(namespace: string, name: string, clusterIP: string): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {clusterIP: ${clusterIP}, ports: [{name: http, port: 80}]}`;
}

function slice(namespace: string, name: string, address: string): string {
  return `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: ${namespace}, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [${address}]}]`;
}

function route(
  namespace: string,
  name: string,
  parent: string,
  backendNamespace: string,
  backend: string,
): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  parentRefs: [{group: "", kind: Service, name: ${parent}}]
  rules: [{backendRefs: [{namespace: ${backendNamespace}, name: ${backend}, port: 80}]}]`;
}

interface Rig extends ManifestSources {
  readonly catalog: ResourceCatalog;
  readonly changes: CatalogChange[];
}

function setup(): Rig {
  const sources = createManifestSources(world);
  const model = buildModel(sources.sources, sources.graph, { standalone: true });
  const catalog = buildCatalog(sources.graph, model, translate(sources.sources, model, sources.graph));
  const changes: CatalogChange[] = [];
  catalog.onChange((change) => changes.push(change));
  return { ...sources, catalog, changes };
}

const webFront = frontObject({ name: "web", ports: [{ name: "http", port: 80, targetPort: 8080 }] });
const payFront = frontObject({ name: "pay", namespace: "billing" });
const served = { waypoint: "shop/waypoint", ports: { 80: 10001 } };

/** shop/waypoint has shop/web, billing/waypoint has billing/pay, whose route sends requests to shop/web. */
function setupCluster(): Rig {
  const sources = createManifestSources("", { cluster: { ownNamespace: "waystone-system" } });
  sources.applyObjects([webFront, shadowObject(webFront, served), payFront]);
  sources.applyObjects([shadowObject(payFront, { waypoint: "billing/waypoint", ports: { 80: 10002 } })]);
  sources.apply(route("shop", "web", "web", "shop", "web"));
  sources.apply(route("billing", "pay", "pay", "shop", "web"));
  sources.apply(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.0.0.1]}]`);
  const model = buildModel(sources.sources, sources.graph, { standalone: false });
  const catalog = buildCatalog(sources.graph, model, translate(sources.sources, model, sources.graph));
  const changes: CatalogChange[] = [];
  catalog.onChange((change) => changes.push(change));
  return { ...sources, catalog, changes };
}

function listenPorts(resource: EncodedResource | undefined): number[] {
  const ports = resource === undefined ? [] : Service.decode(resource.body).ports;
  return ports.flatMap(({ listen }) => (listen ?? []).map(({ port }) => port ?? 0));
}

function names(catalog: ResourceCatalog, scope: string): string[] {
  return [typeUrls.service, typeUrls.endpointSlice, typeUrls.route].flatMap((type) =>
    [...catalog.list(type, scope)].map(({ name }) => name).toSorted(),
  );
}

function changed({ changes }: Rig): string[] {
  return changes
    .splice(0)
    .flatMap(({ changed: byType }) => [...byType.values()].flatMap((all) => [...all]))
    .toSorted();
}

describe("scopes", () => {
  test("a waypoint gets its Services, their routes, and the backends of these with their endpoints", () => {
    expect(names(setup().catalog, "shop/waypoint")).toEqual([
      "lib/common",
      "shop/web",
      "lib/common-1",
      "shop/web-1",
      "HTTPRoute/shop/web",
    ]);
  });

  test("what no route of it refers to is none of its business", () => {
    expect(names(setup().catalog, "billing/waypoint")).toEqual(["billing/pay", "billing/pay-1"]);
  });

  test('the scope "*" gets all of all waypoints, and nothing that none of them needs', () => {
    expect(names(setup().catalog, "*")).toEqual([
      "billing/pay",
      "lib/common",
      "shop/web",
      "billing/pay-1",
      "lib/common-1",
      "shop/web-1",
      "HTTPRoute/shop/web",
    ]);
  });

  test("a waypoint that nobody uses gets nothing", () => {
    expect(names(setup().catalog, "shop/other")).toEqual([]);
  });

  test("asking by name gives no more than the list does", () => {
    const { catalog } = setup();
    const get = (type: TypeUrl, name: string, scope: string) => catalog.get(type, name, scope)?.name;
    expect(get(typeUrls.service, "billing/pay", "shop/waypoint")).toBeUndefined();
    expect(get(typeUrls.endpointSlice, "lib/unused-1", "*")).toBeUndefined();
    expect(get(typeUrls.route, "HTTPRoute/shop/web", "billing/waypoint")).toBeUndefined();
    expect(get(typeUrls.service, "lib/common", "shop/waypoint")).toBe("lib/common");
  });

  test("a resource is the same object for every waypoint", () => {
    const rig = setup();
    rig.apply(route("billing", "pay", "pay", "lib", "common"));
    const shop = rig.catalog.get(typeUrls.service, "lib/common", "shop/waypoint");
    expect(rig.catalog.get(typeUrls.service, "lib/common", "billing/waypoint")).toBe(shop);
  });

  test("a Service that another waypoint serves is only a backend: nobody else listens where that one does", () => {
    const rig = setupCluster();
    const web = rig.catalog.get(typeUrls.service, "shop/web", "shop/waypoint");
    const asBackend = rig.catalog.get(typeUrls.service, "shop/web", "billing/waypoint");
    expect(listenPorts(web)).toEqual([10001]);
    expect(listenPorts(asBackend)).toEqual([]);
    expect(Service.decode(asBackend!.body).waypoint).toBe("shop/waypoint");
    expect([...rig.catalog.list(typeUrls.service, "billing/waypoint")]).toContain(asBackend);
    expect(rig.catalog.get(typeUrls.service, "shop/web", "*")).toBe(web);
  });

  test("a Service that moves is served by both, and its routes are with both", () => {
    const rig = setupCluster();
    rig.applyObjects([shadowObject(webFront, { ...served, movingTo: "billing/waypoint" })]);
    expect(changed(rig)).toEqual(["HTTPRoute/shop/web", "shop/web"]);
    expect(listenPorts(rig.catalog.get(typeUrls.service, "shop/web", "billing/waypoint"))).toEqual([10001]);
    expect(names(rig.catalog, "billing/waypoint")).toContain("HTTPRoute/shop/web");
  });

  test("workloads are for everybody who asks for the address", () => {
    const rig = setup();
    rig.apply(`
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: far}
spec: {containers: [{name: c}]}
status: {phase: Running, podIP: 10.9.0.1}`);
    expect(rig.catalog.get(typeUrls.workload, "10.9.0.1", "shop/waypoint")?.name).toBe("10.9.0.1");
    expect([...rig.catalog.list(typeUrls.workload, "*")]).toEqual([]);
  });
});

describe("changes", () => {
  test("an edit of a route announces that route alone", () => {
    const rig = setup();
    rig.apply(route("shop", "web", "web", "lib", "common").replace("rules: [{", "rules: [{name: new, "));
    expect(changed(rig)).toEqual(["HTTPRoute/shop/web"]);
  });

  test("a backend that a route begins to need is announced with its endpoints, although they are as before", () => {
    const rig = setup();
    rig.apply(route("shop", "web", "web", "lib", "unused"));
    expect(changed(rig)).toEqual([
      "HTTPRoute/shop/web",
      "lib/common",
      "lib/common-1",
      "lib/unused",
      "lib/unused-1",
    ]);
    expect(rig.catalog.get(typeUrls.service, "lib/common", "shop/waypoint")).toBeUndefined();
    expect(rig.catalog.get(typeUrls.endpointSlice, "lib/unused-1", "shop/waypoint")?.name).toBe(
      "lib/unused-1",
    );
  });

  test("a namespace that opts out takes its Services, routes and their backends along", () => {
    const rig = setup();
    rig.apply(`{apiVersion: v1, kind: Namespace, metadata: {name: shop}}`);
    expect(names(rig.catalog, "*")).toEqual(["billing/pay", "billing/pay-1"]);
    expect(changed(rig)).toContain("lib/common-1");
  });

  test("one change of many objects is announced once", () => {
    const rig = setup();
    rig.apply(`${service("shop", "a", "127.0.0.21")}\n---\n${route("shop", "a", "a", "lib", "unused")}`);
    expect(rig.changes.length).toBe(1);
  });

  test("endpoints alone are urgent; with a route among them they are not", () => {
    const rig = setup();
    rig.apply(slice("shop", "web", "10.1.0.9"));
    rig.apply(`${slice("shop", "web", "10.1.0.10")}\n---\n${route("shop", "web", "web", "lib", "unused")}`);
    expect(rig.changes.map(({ urgent }) => urgent)).toEqual([true, false]);
  });

  test("an edit that changes no resource is no change", () => {
    const rig = setup();
    rig.applyObjects([
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop", annotations: { "waystone.dev/use-waypoint": "waypoint", note: "new" } },
      },
    ]);
    expect(rig.changes).toEqual([]);
  });
});

describe("policies", () => {
  const policy = (namespace: string, targetRef: string): string => `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: p, namespace: ${namespace}}
spec: {targetRefs: [${targetRef}], rules: [{}]}`;
  const policies = ({ catalog }: Rig, scope: string): string[] =>
    [...catalog.list(typeUrls.policy, scope)].map(({ name }) => name);

  test.for([
    ["a Service", '{group: "", kind: Service, name: web}'],
    ["a Namespace", '{group: "", kind: Namespace, name: shop}'],
    ["a route", "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web}"],
    [
      "a Gateway, though no object of it is there",
      "{group: gateway.networking.k8s.io, kind: Gateway, name: waypoint}",
    ],
  ] as const)("a waypoint has those that are about what it serves: %s", ([, target]) => {
    const rig = setupCluster();
    rig.apply(policy("shop", target));
    expect(policies(rig, "shop/waypoint")).toEqual(["AuthorizationPolicy/shop/p"]);
  });

  test("a waypoint has those too of the Services that its routes send requests to (GEP-713, final backend)", () => {
    const rig = setupCluster();
    rig.apply(policy("shop", '{group: "", kind: Service, name: web}'));
    expect(policies(rig, "billing/waypoint")).toEqual(["AuthorizationPolicy/shop/p"]);
    rig.apply(route("billing", "pay", "pay", "billing", "pay"));
    expect(policies(rig, "billing/waypoint")).toEqual([]);
    expect(changed(rig)).toContain("AuthorizationPolicy/shop/p");
  });

  test("those of what it neither serves nor sends requests to are none of its business", () => {
    const rig = setupCluster();
    rig.apply(policy("billing", '{group: "", kind: Service, name: pay}'));
    expect(policies(rig, "shop/waypoint")).toEqual([]);
    expect(policies(rig, "billing/waypoint")).toEqual(["AuthorizationPolicy/billing/p"]);
  });

  test("waypoints ask for them before all else, so that nothing is served before what protects it", () => {
    // And before them what they check by.
    expect(wildcardTypeUrls.slice(0, 2)).toEqual([typeUrls.secret, typeUrls.policy]);
  });
});

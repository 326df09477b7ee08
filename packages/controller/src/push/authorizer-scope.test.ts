/** Who gets the Service that a CUSTOM asks (design/0005): the waypoints that have the policy, and nobody else. */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "../translate/translate.ts";
import { buildCatalog } from "./catalog.ts";

const shop = (namespace: string): string => `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: ${namespace}, annotations: {waystone.dev/use-waypoint: waypoint}}
spec: {clusterIP: 127.0.0.9, ports: [{name: http, port: 80}]}`;

const authorizer = `
apiVersion: v1
kind: Service
metadata: {name: opa, namespace: policy}
spec: {clusterIP: 127.0.0.8, ports: [{name: grpc, port: 9191}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: opa-1, namespace: policy, labels: {kubernetes.io/service-name: opa}}
addressType: IPv4
ports: [{name: grpc, port: 9191}]
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: asked, namespace: policy}
spec:
  from: [{group: waystone.dev, kind: AuthorizationPolicy, namespace: shop}]
  to: [{group: "", kind: Service}]`;

const policy = `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: ask, namespace: shop}
spec:
  action: CUSTOM
  targetRefs: [{group: "", kind: Service, name: api}]
  provider: {grpc: {backendRef: {name: opa, namespace: policy, port: 9191}}}`;

const tls = `
apiVersion: v1
kind: ConfigMap
metadata: {name: ca, namespace: policy}
data: {ca.crt: none}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: tls, namespace: policy}
spec:
  targetRefs: [{group: "", kind: Service, name: opa}]
  validation: {hostname: opa.test, caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]}`;

test("how a Service that is asked is spoken to is offered where it is, so that nobody asks it in plain text", () => {
  const world = createManifestSources([shop("shop"), shop("other"), authorizer, policy, tls].join("\n---\n"));
  const model = buildModel(world.sources, world.graph, { standalone: true });
  const catalog = buildCatalog(world.graph, model, translate(world.sources, model, world.graph));
  const offered = (scope: string): readonly string[] =>
    [...catalog.list(typeUrls.policy, scope)].map(({ name }) => name).toSorted();
  expect(offered("shop/waypoint")).toEqual(["AuthorizationPolicy/shop/ask", "BackendTLSPolicy/policy/tls"]);
  expect(offered("other/waypoint")).toEqual([]);
});

test("a Service that is asked, and its endpoints, are offered where the policy is, for as long as it is granted", () => {
  const world = createManifestSources([shop("shop"), shop("other"), authorizer, policy].join("\n---\n"));
  const model = buildModel(world.sources, world.graph, { standalone: true });
  const catalog = buildCatalog(world.graph, model, translate(world.sources, model, world.graph));
  const offered = (type: TypeUrl, scope: string): readonly string[] =>
    [...catalog.list(type, scope)].map(({ name }) => name).toSorted();
  expect(offered(typeUrls.service, "shop/waypoint")).toEqual(["policy/opa", "shop/api"]);
  expect(offered(typeUrls.endpointSlice, "shop/waypoint")).toEqual(["policy/opa-1"]);
  expect(offered(typeUrls.service, "other/waypoint")).toEqual(["other/api"]);
  world.remove("ReferenceGrant", "policy/asked");
  expect(offered(typeUrls.service, "shop/waypoint")).toEqual(["shop/api"]);
  expect(offered(typeUrls.policy, "shop/waypoint")).toEqual(["AuthorizationPolicy/shop/ask"]);
});

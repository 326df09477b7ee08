/** What differs between files and a cluster; everything that does not is in translate/testdata. */
import { describe, expect, test } from "vitest";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { buildModel, type Model } from "./model.ts";

const manifests = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 127.0.0.11, selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: far, namespace: shop}
spec: {clusterIP: 10.96.0.1, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c}]}
status: {phase: Running, podIP: 127.0.0.9}
`;

function model(standalone: boolean): Model {
  const { sources, graph } = createManifestSources(manifests);
  return buildModel(sources, graph, { standalone });
}

describe("in a cluster", () => {
  const { services, slices, workloads } = model(false);

  test("nobody listens at a clusterIP: that is the cluster's own business", () => {
    expect(services.list().flatMap(({ ports }) => ports.flatMap(({ listen }) => listen))).toEqual([]);
    expect(services.list().flatMap(({ findings }) => findings)).toEqual([]);
  });

  test("endpoints are what Kubernetes' own controller says, never computed from pods", () => {
    expect(slices.list()).toEqual([]);
  });

  test("a loopback address is nobody's identity", () => {
    expect(workloads.list()).toEqual([]);
  });
});

describe("with files alone", () => {
  const { services, slices, workloads } = model(true);

  test("a Service is listened on at its local clusterIP, and told when it has none", () => {
    expect(services.get("shop/web")?.ports[0]?.listen).toEqual([{ address: "127.0.0.11", port: 80 }]);
    expect(services.get("shop/far")?.findings.map(({ field }) => field)).toEqual(["spec.clusterIP"]);
  });

  test("pods are endpoints, and a loopback address is its only pod's identity", () => {
    expect(slices.list().map(({ key }) => key)).toEqual(["shop/web@80"]);
    expect(workloads.get("127.0.0.9")?.workload.pod).toBe("web-1");
  });
});

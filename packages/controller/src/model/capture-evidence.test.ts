/** What a Namespace's annotation captures: one row for each rule. */
import { describe, expect, test } from "vitest";
import { enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";
import { messageOf, outcome, own, service, type Written } from "../testing/captured-service.ts";

describe("what a Namespace's annotation does not capture, and the Service's own does", () => {
  const rows: [string, Written & { readonly more?: string; readonly key?: string }, string, RegExp][] = [
    [
      "Services of kube-system",
      {
        namespace: "kube-system",
        more: `
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system, annotations: {waystone.dev/use-waypoint: waypoint}}`,
      },
      "SystemNamespace",
      /the annotation of Namespace kube-system: the cluster itself lives on/,
    ],
    [
      "Services that Argo Rollouts writes",
      { meta: "annotations: {argo-rollouts.argoproj.io/managed-by-rollouts: web}" },
      "ManagedByRollouts",
      /Argo Rollouts writes and reads back its selector \(rollout web\)/,
    ],
    [
      "governing Services of StatefulSets",
      {
        more: `
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {serviceName: web}`,
      },
      "GoverningService",
      /it gives the pods of StatefulSet db their DNS names/,
    ],
    [
      "Services that pods are named after",
      {
        more: `
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec: {subdomain: web, containers: [{name: c}]}`,
      },
      "GoverningService",
      /pods have their DNS names from it/,
    ],
    [
      "Services that an operator owns",
      {
        meta: "ownerReferences: [{apiVersion: acid.zalan.do/v1, kind: postgresql, name: db, uid: '1', controller: true}]",
      },
      "OwnedByOperator",
      /postgresql db \(acid\.zalan\.do\/v1\) owns it/,
    ],
    [
      "Services that keep clients on their node",
      { spec: "selector: {app: web}, internalTrafficPolicy: Local" },
      "NodeLocalTraffic",
      /internalTrafficPolicy Local keeps clients on their own node/,
    ],
    [
      "Services that keep traffic from outside on the node where it arrives",
      { spec: "selector: {app: web}, type: LoadBalancer, externalTrafficPolicy: Local" },
      "NodeLocalTraffic",
      /externalTrafficPolicy Local keeps traffic from outside on the node where it arrives/,
    ],
    [
      "Services that keep each client at one pod",
      { spec: "selector: {app: web}, sessionAffinity: ClientIP" },
      "SessionAffinity",
      /sessionAffinity ClientIP keeps each client at one pod/,
    ],
    [
      "Services without an HTTP or gRPC port",
      { ports: "ports: [{name: sql, port: 5432}, {name: tls, port: 443}]" },
      "NoHttpPort",
      /none of its ports \(sql 5432, tls 443\) is known to speak HTTP.*set appProtocol: http on the port that does/,
    ],
    [
      "Services whose HTTP port stays direct",
      {
        meta: "annotations: {waystone.dev/direct-ports: http}",
        ports: "ports: [{name: http, port: 80}, {name: sql, port: 5432}]",
      },
      "NoHttpPort",
      /none of its ports \(sql 5432\)/,
    ],
    [
      "Services that Prometheus scrapes pod by pod",
      {
        meta: "labels: {app: web}",
        more: `
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: all, namespace: monitoring}
spec: {selector: {matchLabels: {app: web}}, namespaceSelector: {any: true}, endpoints: [{port: http}]}`,
      },
      "ScrapedThroughService",
      /through port 80 \(ServiceMonitor monitoring\/all\).*PodMonitor, or keep that port direct with waystone\.dev\/direct-ports: http on the Service/,
    ],
  ];

  test.for(rows)("%s", ([, { more = "", ...written }, reason, message]) => {
    const key = `${written.namespace ?? "shop"}/web`;
    const world = openClusterWorld(enrolledShop + service(written) + more);
    expect(outcome(world, key)).toBe(reason);
    expect(messageOf(world, key)).toMatch(message);
    expect(messageOf(world, key)).toMatch(
      /^not captured by the annotation of Namespace .* on the Service itself$/,
    );

    const meta = written.meta ?? "annotations: {}";
    const asking = meta.startsWith("annotations: {")
      ? meta
          .replace("annotations: {", "annotations: {waystone.dev/use-waypoint: waypoint, ")
          .replace(", }", "}")
      : `${own}, ${meta}`;
    world.apply(service({ ...written, meta: asking }));
    expect(outcome(world, key)).toBe("captured");
  });

  test("Services that the API server calls", () => {
    const world = openClusterWorld(enrolledShop + service({}));
    expect(outcome(world)).toBe("captured");
    world.apiServerBackends.set({ key: "MutatingWebhookConfiguration/hook", services: ["shop/web"] });
    expect(outcome(world)).toBe("CalledByApiServer");
    expect(messageOf(world)).toContain("the API server calls it for MutatingWebhookConfiguration hook");
    world.apply(service({ meta: own }));
    expect(outcome(world)).toBe("captured");
  });
});

describe("what is captured although it looks alike", () => {
  const rows: [string, Written & { readonly more?: string }][] = [
    [
      "a Service with one HTTP port among others",
      { ports: "ports: [{name: sql, port: 5432}, {name: grpc, port: 90}]" },
    ],
    [
      "a Service that a route of its own namespace is attached to",
      {
        ports: "ports: [{name: web, port: 80}]",
        more: `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{group: "", kind: Service, name: web}]}`,
      },
    ],
    [
      "a Service that one of Kubernetes' own controllers owns",
      {
        meta: "ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: '1', controller: true}]",
      },
    ],
    [
      "a Service that is owned for the sake of garbage collection alone",
      { meta: "ownerReferences: [{apiVersion: example.org/v1, kind: App, name: a, uid: '1'}]" },
    ],
    [
      "a Service that Prometheus scrapes through a port that stays direct",
      {
        meta: "labels: {app: web}, annotations: {waystone.dev/direct-ports: metrics}",
        ports: "ports: [{name: http, port: 80}, {name: metrics, port: 9090}]",
        more: `
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: metrics}]}`,
      },
    ],
    [
      "a Service that is a ServiceMonitor's in another namespace alone",
      {
        meta: "labels: {app: web}",
        more: `
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: other}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}`,
      },
    ],
    [
      "a Service of a StatefulSet in another namespace",
      {
        more: `
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: other}
spec: {serviceName: web}`,
      },
    ],
  ];
  test.for(rows)("%s", ([, { more = "", ...written }]) => {
    expect(outcome(openClusterWorld(enrolledShop + service(written) + more))).toBe("captured");
  });
});

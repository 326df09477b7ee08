/** Translation follows edits: whatever came before, what is there now decides. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { typeUrls } from "@waystone/api/names";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { buildCatalog } from "../push/catalog.ts";
import { createManifestSources, type ManifestSources, parseManifests } from "../testing/manifest-sources.ts";
import { translate } from "./translate.ts";

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

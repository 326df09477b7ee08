/** Which ingress NetworkPolicies hold the capture of a Service: those that guard its pods. */
import { describe, expect, test } from "vitest";
import { type ClusterWorld, enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";

/** The Service asks for itself: a policy holds it all the same. */
const web = `
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
spec: {clusterIP: 10.96.0.1, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}`;

function outcome(world: ClusterWorld): string {
  const target = world.targetOf("shop/web");
  return target?.is === "direct" ? (target.refusal?.reason ?? "") : "captured";
}

describe("NetworkPolicies until they are projected", () => {
  const policy = (spec: string, namespace = "shop"): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: guard, namespace: ${namespace}}
spec: ${spec}`;
  /** A pod, and the slice by which it is an endpoint of `of`. */
  const pod = (labels: string, name = "web-1", of = "web"): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: ${labels}}
spec: {containers: [{name: c}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: of-${name}, namespace: shop, labels: {kubernetes.io/service-name: ${of}}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, namespace: shop, name: ${name}}}]`;
  const held = "HeldByNetworkPolicy";
  const rows: [string, string, string][] = [
    ["one for every pod holds it, although there are no pods yet", policy("{podSelector: {}}"), held],
    [
      "one that asks no more than the Service does holds it",
      policy("{podSelector: {matchLabels: {app: web}}}"),
      held,
    ],
    [
      "one for some pods holds it as soon as one of its pods is among them",
      policy("{podSelector: {matchLabels: {tier: front}}}") +
        pod("{app: web}") +
        pod("{app: web, tier: front}", "web-2"),
      held,
    ],
    [
      "one for other pods does not",
      policy("{podSelector: {matchLabels: {tier: front}}}") +
        pod("{app: web}") +
        pod("{app: x, tier: front}", "x", "x"),
      "captured",
    ],
    [
      "one for pods that lack what its pods have does not",
      policy("{podSelector: {matchExpressions: [{key: role, operator: DoesNotExist}]}}") +
        pod("{app: web, role: a}"),
      "captured",
    ],
    ["one of another namespace does not", policy("{podSelector: {}}", "other"), "captured"],
    [
      "one for egress alone does not",
      policy("{podSelector: {}, policyTypes: [Egress], egress: [{}]}"),
      "captured",
    ],
    ["one for both directions holds it", policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"), held],
  ];
  test.for(rows)("%s", ([, more, expected]) => {
    expect(outcome(openClusterWorld(enrolledShop + web + more))).toBe(expected);
  });

  test("the message names the policy, and when it goes the Service is captured", () => {
    const world = openClusterWorld(enrolledShop + web + policy("{podSelector: {}}"));
    expect(world.targetOf("shop/web")).toMatchObject({
      refusal: {
        message: expect.stringMatching(/^NetworkPolicy shop\/guard decides who may reach its pods/),
      },
    });
    world.remove("NetworkPolicy", "shop/guard");
    expect(outcome(world)).toBe("captured");
  });

  test("a pod that comes and goes holds and frees", () => {
    const world = openClusterWorld(
      enrolledShop + web + policy("{podSelector: {matchLabels: {tier: front}}}"),
    );
    expect(outcome(world)).toBe("captured");
    world.apply(pod("{app: web, tier: front}"));
    expect(outcome(world)).toBe(held);
    world.remove("Pod", "shop/web-1");
    expect(outcome(world)).toBe("captured");
  });
});

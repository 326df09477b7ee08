import { describe, expect, test } from "vitest";
import type { Pod, Service } from "@waystone/api/kubernetes/core";
import type { ObjectMeta } from "@waystone/api/kubernetes/meta";
import { shareStrings } from "./share-strings.ts";
import { stripNetworkPolicy, stripPod, stripService } from "./strip-core.ts";
import { lastApplied } from "./strip-metadata.ts";

const share = shareStrings();
const meta: ObjectMeta = { name: "web", namespace: "shop", uid: "u", resourceVersion: "7", generation: 3 };

function service(annotations: Readonly<Record<string, string>>): Service {
  return { apiVersion: "v1", kind: "Service", metadata: { ...meta, annotations } };
}

describe("a Service", () => {
  test("keeps its version: capture writes on the very Service that it judged", () => {
    expect(stripService(service({}), share).metadata).toMatchObject({ resourceVersion: "7", generation: 3 });
  });

  test.for([
    ["what kubectl last applied goes", { [lastApplied]: "{}" }, []],
    [
      "what kubectl last applied stays while it is captured",
      { [lastApplied]: "{}", "waystone.dev/captured-by": "shop/waypoint" },
      [lastApplied, "waystone.dev/captured-by"],
    ],
    ["others' annotations stay", { "example.com/a": "b" }, ["example.com/a"]],
    ["others' archives go", { "example.com/a": "b".repeat(5_000) }, []],
    ["ours stay, however long", { "waystone.dev/original": "b".repeat(5_000) }, ["waystone.dev/original"]],
  ] as const)("%s", ([, annotations, kept]) => {
    const stripped = stripService(service(annotations), share);
    expect(Object.keys(stripped.metadata.annotations ?? {})).toEqual(kept);
  });

  test("fields that nobody reads go", () => {
    const spec = { clusterIP: "10.0.0.1", healthCheckNodePort: 3, ports: [{ port: 80 }] };
    const given: Service = { ...service({}), spec };
    expect(stripService(given, share).spec).toEqual({ clusterIP: "10.0.0.1", ports: [{ port: 80 }] });
  });
});

describe("a Pod", () => {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...meta, annotations: { "example.com/a": "b" } },
  };

  test("has no version, no generation and no annotations of others: their changes are no news", () => {
    expect(stripPod(pod, share).metadata).toEqual({ name: "web", namespace: "shop", uid: "u" });
  });

  test("keeps the ports that it names, because target ports refer to them", () => {
    const containers = [
      { name: "main", image: "x", ports: [{ name: "http", containerPort: 8080 }, { containerPort: 9000 }] },
      { name: "side", image: "y" },
    ];
    expect(stripPod({ ...pod, spec: { containers } }, share).spec?.containers).toEqual([
      { name: "main", ports: [{ name: "http", containerPort: 8080 }] },
    ]);
  });

  test.for([
    ["is Ready by its condition", [{ type: "Ready", status: "True", lastProbeTime: "x" }], "True"],
    ["is not Ready by its condition", [{ type: "Ready", status: "False" }], "False"],
    ["without the condition is not Ready, whatever its phase", [], "False"],
  ] as const)("%s", ([, conditions, status]) => {
    const stripped = stripPod({ ...pod, status: { phase: "Running", conditions } }, share);
    expect(stripped.status?.conditions).toEqual([{ type: "Ready", status }]);
  });

  test("says an address once, and all of several", () => {
    const one = stripPod({ ...pod, status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] } }, share);
    expect(one.status).toMatchObject({ podIP: "10.0.0.1" });
    expect(one.status).not.toHaveProperty("podIPs");
    const podIPs = [{ ip: "10.0.0.1" }, { ip: "fd00::1" }];
    const two = stripPod({ ...pod, status: { podIP: "10.0.0.1", podIPs } }, share);
    expect(two.status?.podIPs).toEqual(podIPs);
  });
});

test.for([
  [[{ to: [] }, { to: [] }], [{}]],
  [[], undefined],
] as const)("of a NetworkPolicy's egress rules %j only is kept that there are some", ([egress, kept]) => {
  const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: meta } as const;
  expect(stripNetworkPolicy({ ...policy, spec: { egress } }, share).spec?.egress).toEqual(kept);
});

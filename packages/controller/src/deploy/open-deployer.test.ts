import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { mergePatch } from "@waystone/testkit/faulty-api-server/patches";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DeployWorld, openDeployWorld } from "../testing/deploy-world.ts";

let world: DeployWorld;
beforeEach(async () => {
  world = await openDeployWorld();
});
afterEach(() => world.close());

const key = "shop/waypoint";
const uid = "11111111-0000-4000-8000-000000000001";

function gateway(
  parts: { readonly infrastructure?: JsonObject; readonly className?: string } = {},
): JsonObject {
  const { infrastructure = {}, className = "waystone-waypoint" } = parts;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "waypoint", namespace: "shop", uid },
    spec: { gatewayClassName: className, infrastructure },
  };
}

const parameters = (spec: JsonObject): JsonObject => ({
  apiVersion: "waystone.dev/v1alpha1",
  kind: "WaypointParameters",
  metadata: { name: "large", namespace: "shop" },
  spec,
});
const withParameters = {
  infrastructure: { parametersRef: { group: "waystone.dev", kind: "WaypointParameters", name: "large" } },
};

function namespace(annotations: Record<string, string>) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", annotations } };
}

function get(plural: string, of = key): JsonObject | undefined {
  return world.api.server.get(plural, of);
}

/** As somebody else would. */
function patch(plural: string, change: JsonObject): void {
  world.api.server.put(plural, mergePatch(get(plural) ?? {}, change) as JsonObject);
}

const replicas = (of: number): object => ({ spec: { replicas: of } });

describe("the objects of a waypoint", () => {
  test("are made in the order in which the pods need them, and then nothing more is written", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.settle();
    expect(world.writes()).toEqual([
      "PATCH /api/v1/namespaces/shop/serviceaccounts/waypoint",
      "PATCH /api/v1/namespaces/shop/configmaps/waystone-ca",
      "PATCH /api/v1/namespaces/shop/services/waypoint",
      "PATCH /apis/policy/v1/namespaces/shop/poddisruptionbudgets/waypoint",
      "PATCH /apis/apps/v1/namespaces/shop/deployments/waypoint",
    ]);
    await world.api.pass(120_000);
    expect(world.writes()).toEqual([]);
  });

  test("are not written again by the next leader, and not while the deployer is closed", async () => {
    world.api.server.put("gateways", gateway());
    const first = world.open();
    await world.api.settle();
    await first.close();
    world.writes();
    world.caBundle.set({ pem: "CA 2\n" });
    await world.api.settle();
    expect(world.writes()).toEqual([]);
    world.caBundle.set({ pem: "CA 1\n" });
    world.open();
    await world.api.pass(60_000);
    expect(world.writes()).toEqual([]);
  });

  test("get the new certificates when they change, and the pods are left alone", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.settle();
    world.writes();
    world.caBundle.set({ pem: "CA 2\n" });
    await world.api.settle();
    expect(world.writes()).toEqual(["PATCH /api/v1/namespaces/shop/configmaps/waystone-ca"]);
    expect(get("configmaps", "shop/waystone-ca")).toMatchObject({ data: { "ca.crt": "CA 2\n" } });
  });

  test("are put right when somebody changes them, at once, and not faster than every ten seconds after that", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.pass(60_000);
    const spoil = (): void => patch("poddisruptionbudgets", { spec: { maxUnavailable: 2 } });
    spoil();
    await world.api.settle();
    expect(get("poddisruptionbudgets")).toMatchObject({ spec: { maxUnavailable: 1 } });
    spoil();
    await world.api.pass(9_000);
    expect(get("poddisruptionbudgets")).toMatchObject({ spec: { maxUnavailable: 2 } });
    await world.api.pass(2_000);
    expect(get("poddisruptionbudgets")).toMatchObject({ spec: { maxUnavailable: 1 } });
  });

  test("are made again when somebody deletes them", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.settle();
    for (const plural of ["deployments", "serviceaccounts"]) world.api.server.remove(plural, key);
    world.api.server.remove("configmaps", "shop/waystone-ca");
    await world.api.settle();
    for (const plural of ["deployments", "serviceaccounts"]) expect(get(plural)).toBeDefined();
    expect(get("configmaps", "shop/waystone-ca")).toBeDefined();
  });

  test("keep what others add to them", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.settle();
    patch("deployments", { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } });
    world.writes();
    await world.api.pass(60_000);
    expect(world.writes()).toEqual([]);
  });

  test("are left as they are while their parameters cannot be had", async () => {
    world.api.server.put("waypointparameters", parameters({ replicas: 5 }));
    world.api.server.put("gateways", gateway(withParameters));
    world.open();
    await world.api.settle();
    expect(get("deployments")).toMatchObject(replicas(5));
    world.api.server.remove("waypointparameters", "shop/large");
    await world.api.pass(60_000);
    expect(get("deployments")).toMatchObject(replicas(5));
    expect(world.model.deployments.get(key)).toMatchObject({
      replicas: 5,
      problem: { reason: "InvalidParameters" },
    });
    expect(world.events.map(({ reason }) => reason)).toContain("InvalidParameters");
  });

  test("that nobody wishes for any more are removed: an autoscaler that is no longer asked for", async () => {
    world.api.server.put("waypointparameters", parameters({ autoscaling: { maxReplicas: 9 } }));
    world.api.server.put("gateways", gateway(withParameters));
    world.open();
    await world.api.settle();
    expect(get("horizontalpodautoscalers")).toBeDefined();
    world.api.server.put("waypointparameters", parameters({ replicas: 3 }));
    await world.api.settle();
    expect(get("horizontalpodautoscalers")).toBeUndefined();
    expect(get("deployments")).toMatchObject(replicas(3));
  });

  test("go when the Gateway gets another class, and not before its Services have been given back", async () => {
    world.api.server.put("gateways", gateway());
    const front = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "cart", namespace: "shop", annotations: { "waystone.dev/captured-by": key } },
    };
    world.api.server.put("services", front);
    world.open();
    await world.api.settle();
    world.api.server.put("gateways", gateway({ className: "nginx" }));
    await world.api.pass(60_000);
    expect(get("deployments")).toBeDefined();
    world.api.server.put("services", { ...front, metadata: { name: "cart", namespace: "shop" } });
    await world.api.pass(60_000);
    expect(get("deployments")).toBeUndefined();
  });
});

describe("replicas of an autoscaled waypoint", () => {
  test("stay as many as there are when autoscaling begins, and are the autoscaler's from then on", async () => {
    world.api.server.put("waypointparameters", parameters({ replicas: 7 }));
    world.api.server.put("gateways", gateway(withParameters));
    world.open();
    await world.api.settle();
    world.api.server.put("waypointparameters", parameters({ autoscaling: { maxReplicas: 9 } }));
    await world.api.settle();
    expect(get("deployments")).toMatchObject(replicas(7));
    patch("deployments", { spec: { replicas: 4 } });
    await world.api.pass(60_000);
    expect(get("deployments")).toMatchObject(replicas(4));
  });
});

describe("somebody else's object of the same name", () => {
  test.for([
    ["serviceaccounts", key, "ServiceAccount waypoint", "rename it, or call the Gateway otherwise"],
    ["deployments", key, "Deployment waypoint", "rename it, or call the Gateway otherwise"],
    ["configmaps", "shop/waystone-ca", "ConfigMap waystone-ca", "rename it"],
  ] as const)(
    "%s: it stays as it is, and the Gateway's problem says which",
    async ([plural, of, text, advice]) => {
      const [namespaceOf = "", name = ""] = of.split("/");
      const theirs = {
        apiVersion: "v1",
        kind: text.split(" ")[0] ?? "",
        metadata: { name, namespace: namespaceOf },
      };
      world.api.server.put(plural, theirs);
      const before = get(plural, of);
      world.api.server.put("gateways", gateway());
      world.open();
      await world.api.pass(20_000);
      expect(get(plural, of)).toEqual(before);
      expect(world.model.deployments.get(key)?.problem).toEqual({
        reason: "NameTaken",
        message: `${text} in namespace shop is not Waystone's, and a waypoint needs that name; ${advice}`,
      });
    },
  );

  test("is waited for: once it is gone, the waypoint is deployed, and nothing is wrong any more", async () => {
    world.api.server.put("services", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "waypoint", namespace: "shop" },
    });
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.settle();
    expect(get("deployments")).toBeUndefined();
    world.api.server.remove("services", key);
    await world.api.pass(60_000);
    expect(get("deployments")).toBeDefined();
    expect(world.model.deployments.get(key)?.problem).toBeUndefined();
  });
});

describe("what a Gateway's status is made of", () => {
  test("the address, the pods, and what Kubernetes says of a rollout that does not get on", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.settle();
    patch("services", { spec: { clusterIPs: ["10.0.0.7"] } });
    const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: pods" }];
    patch("deployments", { status: { readyReplicas: 1, updatedReplicas: 2, conditions } });
    await world.api.settle();
    expect(world.model.deployments.get(key)).toEqual({
      key,
      hostname: "waypoint.shop.svc.cluster.local",
      clusterIPs: ["10.0.0.7"],
      replicas: 2,
      readyReplicas: 1,
      updatedReplicas: 2,
      problem: { reason: "NotDeployed", message: "the Deployment does not get on: exceeded quota: pods" },
    });
  });

  test("that the API server refuses an object, and why, after a few tries", async () => {
    world.api.server.put("gateways", gateway());
    world.api.server.forbids = (method, target) => method === "PATCH" && target.kind.plural === "deployments";
    world.open();
    await world.api.pass(5_000);
    expect(world.model.deployments.get(key)?.problem?.message).toContain("the waypoint cannot be deployed: ");
    world.api.server.forbids = () => false;
    await world.api.pass(60_000);
    expect(world.model.deployments.get(key)?.problem).toBeUndefined();
  });
});

describe("a Gateway that nobody declared", () => {
  const asks = { "waystone.dev/use-waypoint": "waypoint" };

  test("is made for an annotated namespace, and its waypoint is deployed", async () => {
    world.api.server.put("namespaces", namespace(asks));
    world.open();
    await world.api.settle();
    expect(world.api.server.get("gateways", key)).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/managed-by": "waystone" } },
      spec: {
        gatewayClassName: "waystone-waypoint",
        listeners: [{ name: "mesh", allowedRoutes: { namespaces: { from: "Same" } } }],
      },
    });
    expect(get("deployments")).toBeDefined();
  });

  test("is made for a Service of its own accord, and once for all who ask", async () => {
    for (const name of ["cart", "web"]) {
      world.api.server.put("services", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace: "shop", annotations: asks },
      });
    }
    world.open();
    await world.api.settle();
    const posts = world.writes().filter((each) => each.startsWith("POST"));
    expect(posts).toEqual(["POST /apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways"]);
  });

  test.for([
    ["opted out", namespace({ "waystone.dev/use-waypoint": "none" })],
    [
      "with a waypoint of another namespace",
      namespace({ ...asks, "waystone.dev/use-waypoint-namespace": "infra" }),
    ],
    ["with a name that no Gateway can have", namespace({ "waystone.dev/use-waypoint": "My_Waypoint" })],
    ["of the controller", { ...namespace(asks), metadata: { name: "waystone-system", annotations: asks } }],
    ["kube-system", { ...namespace(asks), metadata: { name: "kube-system", annotations: asks } }],
  ] as const)("is not made for a namespace %s", async ([, object]) => {
    world.api.server.put("namespaces", object);
    world.open();
    await world.api.pass(20_000);
    expect(world.writes()).toEqual([]);
  });

  test("is made when the kind Gateway appears, and not tried before", async () => {
    world.absentKinds.set({ key: "Gateway.gateway.networking.k8s.io" });
    world.api.server.put("namespaces", namespace(asks));
    world.open();
    await world.api.pass(20_000);
    expect(world.writes()).toEqual([]);
    world.absentKinds.delete("Gateway.gateway.networking.k8s.io");
    await world.api.settle();
    expect(world.api.server.get("gateways", key)).toBeDefined();
  });

  test("is removed when nobody asks for it and no Service is with it any more", async () => {
    world.api.server.put("namespaces", namespace(asks));
    const shadow = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "cart-shadow-1", namespace: "shop", annotations: { "waystone.dev/waypoint": key } },
    };
    world.api.server.put("services", shadow);
    world.open();
    await world.api.settle();
    world.api.server.put("namespaces", namespace({}));
    await world.api.pass(20_000);
    expect(world.api.server.get("gateways", key)).toBeDefined();
    world.api.server.remove("services", "shop/cart-shadow-1");
    await world.api.settle();
    expect(world.api.server.get("gateways", key)).toBeUndefined();
  });

  test("that a user declared is never removed", async () => {
    world.api.server.put("gateways", gateway());
    world.open();
    await world.api.pass(20_000);
    expect(world.api.server.get("gateways", key)).toBeDefined();
  });
});

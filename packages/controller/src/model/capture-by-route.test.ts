/**
 * A route is a yes: a Namespace's annotation captures a Service that routes of its own namespace are attached to, whatever its
 * ports are called. TLSRoutes and TCPRoutes count as much as those of HTTP, and no route counts that could not apply.
 */
import { describe, expect, test } from "vitest";
import { enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";

const kinds = ["TLSRoute", "TCPRoute", "HTTPRoute", "GRPCRoute"] as const;

interface Written {
  readonly namespace?: string;
  readonly service?: string;
  /** More of the parentRef. */
  readonly parent?: string;
}

function route(
  kind: (typeof kinds)[number],
  { namespace = "shop", service = "web", parent = "" }: Written = {},
): string {
  return `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: web, namespace: ${namespace}}
spec:
  parentRefs: [{group: "", kind: Service, name: ${service}, namespace: shop${parent}}]
  ${kind === "TLSRoute" ? "hostnames: [web.example]" : ""}
  rules: [{backendRefs: [{name: web, namespace: shop, port: 5432}]}]`;
}

function service(ports: string, annotations = ""): string {
  return `
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: {${annotations}}}
spec: {clusterIP: 10.96.0.1, selector: {app: web}, ports: [${ports}]}`;
}

const sql = "{name: sql, port: 5432}";

/** "captured", or the reason why not. */
function outcome(text: string): string | undefined {
  const target = openClusterWorld(enrolledShop + text).targetOf("shop/web");
  return target?.is === "captured" ? "captured" : target?.refusal?.reason;
}

test.for(kinds)("a Service whose only route is a %s is captured, with all its ports", (kind) => {
  const ports = `${sql}, {name: admin, port: 9000}`;
  const world = openClusterWorld(enrolledShop + service(ports) + route(kind, { parent: ", port: 5432" }));
  expect(world.targetOf("shop/web")).toMatchObject({
    is: "captured",
    way: "by-selector",
    ports: [5432, 9000],
  });
});

test("ports that their owner keeps direct stay so", () => {
  const ports = `${sql}, {name: admin, port: 9000}`;
  const direct = service(ports, "waystone.dev/direct-ports: admin");
  const world = openClusterWorld(enrolledShop + direct + route("TCPRoute"));
  expect(world.targetOf("shop/web")).toMatchObject({ is: "captured", way: "by-slices", ports: [5432] });
});

test("a route that comes captures the Service", () => {
  const world = openClusterWorld(enrolledShop + service(sql));
  expect(world.targetOf("shop/web")).toMatchObject({ is: "direct", refusal: { reason: "NoHttpPort" } });
  world.apply(route("TCPRoute"));
  expect(world.targetOf("shop/web")).toMatchObject({ is: "captured" });
  world.remove("TCPRoute", "shop/web");
  expect(world.targetOf("shop/web")).toMatchObject({ is: "direct", refusal: { reason: "NoHttpPort" } });
});

describe("what counts", () => {
  const rows: [string, string][] = [
    ["a parentRef by the port's name", service(sql) + route("TCPRoute", { parent: ", sectionName: sql" })],
    ["a TLSRoute on a port that is declared as TLS", service("{name: tls, port: 443}") + route("TLSRoute")],
    ["a TCPRoute on a port that is declared as TLS", service("{name: https, port: 443}") + route("TCPRoute")],
    [
      "a TCPRoute where another route of no use is attached as well",
      service("{name: tcp-sql, port: 5432}") + route("TLSRoute") + route("TCPRoute"),
    ],
  ];
  test.for(rows)("%s", ([, text]) => {
    expect(outcome(text)).toBe("captured");
  });
});

describe("what does not", () => {
  const rows: [string, string][] = [
    [
      "a consumer's route, which is for its own clients alone",
      service(sql) + route("TCPRoute", { namespace: "other" }),
    ],
    [
      "a TLSRoute on a port that is declared as TCP",
      service("{name: tcp-sql, port: 5432}") + route("TLSRoute"),
    ],
    [
      "an HTTPRoute on a port that is declared as TLS",
      service("{name: tls, port: 443}") + route("HTTPRoute"),
    ],
    ["a route for a port that is not there", service(sql) + route("TCPRoute", { parent: ", port: 5433" })],
    [
      "a route for a port that stays direct",
      service(`${sql}, {name: admin, port: 9000}`, "waystone.dev/direct-ports: sql") +
        route("TCPRoute", { parent: ", port: 5432" }),
    ],
    [
      "a route that only sends connections to the Service",
      service(sql) + route("TCPRoute", { service: "front" }),
    ],
  ];
  test.for(rows)("%s", ([, text]) => {
    expect(outcome(text)).toBe("NoHttpPort");
  });
});

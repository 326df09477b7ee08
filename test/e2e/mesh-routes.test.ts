/**
 * What the conformance suite does not ask of routes on Services (GEP-1294, GEP-1686, GEP-713): whose route it is, which one wins,
 * where a backendRef leads, and what a change means, from manifests to answers.
 */
import { describe, expect, test } from "vitest";
import { type Mesh, openMesh } from "./harness/mesh-rig.ts";

interface RouteText {
  readonly name?: string;
  readonly namespace: string;
  /** "<namespace>/<name>", or with ":<port>". */
  readonly parent: string;
  readonly rules: string;
}

function routeText({ name = "route", namespace, parent, rules }: RouteText): string {
  const [key = "", port] = parent.split(":");
  const [parentNamespace, service] = key.split("/");
  const ofPort = port === undefined ? "" : `, port: ${port}`;
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  parentRefs: [{group: "", kind: Service, name: ${service}, namespace: ${parentNamespace}${ofPort}}]
  rules: [${rules}]
---
`;
}

/** One backendRef. */
function ref(mesh: Mesh, key: string, more = ""): string {
  const [namespace, name] = key.split("/");
  return `{name: ${name}, namespace: ${namespace}, port: ${mesh.port}${more}}`;
}

const toward = (mesh: Mesh, key: string, path = "/"): string =>
  `{matches: [{path: {value: ${path}}}], backendRefs: [${ref(mesh, key)}]}`;

describe("whose route it is", () => {
  test("a consumer route goes before the producer's for clients of its own namespace, and the two are never merged (GEP-1294)", async () => {
    const mesh = await openMesh("shop/web", "shop/blue", "bank/green", "lab/idle");
    mesh.apply(
      routeText({
        namespace: "shop",
        name: "producer",
        parent: "shop/web",
        rules: toward(mesh, "shop/blue"),
      }) +
        routeText({
          namespace: "bank",
          name: "consumer",
          parent: "shop/web",
          rules: toward(mesh, "bank/green", "/mine"),
        }),
    );
    const asked = async (from: string | undefined, path: string): Promise<string | number> => {
      const { status, service } = await mesh.ask("shop/web", {
        path,
        ...(from === undefined ? {} : { from }),
      });
      return status === 200 ? service : status;
    };
    expect(await asked("bank", "/mine")).toBe("bank/green");
    expect(await asked("bank", "/other")).toBe(404);
    expect(await asked("shop", "/mine")).toBe("shop/blue");
    expect(await asked("lab", "/mine")).toBe("shop/blue");
    mesh.remove("HTTPRoute", "bank/consumer");
    expect(await asked("bank", "/other")).toBe("shop/blue");
  });

  test("three namespaces, every place of route, parent and backend, with and without a ReferenceGrant: none is needed, and none changes anything (GEP-1294)", async () => {
    const namespaces = ["shop", "bank", "lab"];
    const mesh = await openMesh(
      ...namespaces.flatMap((namespace) => [`${namespace}/front`, `${namespace}/back`]),
    );
    for (const isGranted of [false, true]) {
      for (const namespace of namespaces) {
        if (!isGranted) continue;
        mesh.apply(`apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: none, namespace: ${namespace}}
spec:
  from: [{group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: elsewhere}]
  to: [{group: "", kind: Service, name: nothing}]
`);
      }
      const wrong: string[] = [];
      for (const own of namespaces)
        for (const parent of namespaces)
          for (const backend of namespaces) {
            mesh.apply(
              routeText({
                namespace: own,
                parent: `${parent}/front`,
                rules: toward(mesh, `${backend}/back`),
              }),
            );
            for (const from of namespaces) {
              const isRuled = own === parent || own === from;
              const wanted = isRuled ? `${backend}/back` : `${parent}/front`;
              const { service } = await mesh.ask(`${parent}/front`, { from });
              if (service !== wanted)
                wrong.push(`route ${own}, parent ${parent}, backend ${backend}, client ${from}: ${service}`);
            }
            mesh.remove("HTTPRoute", `${own}/route`);
          }
      expect(wrong).toEqual([]);
    }
  });

  test("a mirror to another namespace needs no grant either", async () => {
    const mesh = await openMesh("shop/web", "bank/audit");
    const mirror = `{type: RequestMirror, requestMirror: {backendRef: ${ref(mesh, "bank/audit")}}}`;
    mesh.apply(
      routeText({
        namespace: "shop",
        parent: "shop/web",
        rules: `{filters: [${mirror}], backendRefs: [${ref(mesh, "shop/web")}]}`,
      }),
    );
    expect((await mesh.ask("shop/web", { path: "/copied" })).service).toBe("shop/web");
    await mesh.untilSeen("bank/audit", "/copied");
  });

  test("the policies of the final backend hold for a consumer route, and not those of the Service that was asked for (GEP-713)", async () => {
    const mesh = await openMesh("shop/web", "bank/green");
    const policy = (
      namespace: string,
      service: string,
      cookie: string,
    ): string => `apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
metadata: {name: sessions, namespace: ${namespace}}
spec:
  targetRefs: [{group: "", kind: Service, name: ${service}}]
  sessionPersistence: {cookie: {name: ${cookie}}}
---
`;
    mesh.apply(
      policy("shop", "web", "of-web") +
        policy("bank", "green", "of-green") +
        routeText({ namespace: "bank", parent: "shop/web", rules: toward(mesh, "bank/green") }),
    );
    const cookieOf = async (from: string): Promise<string | undefined> =>
      (await mesh.ask("shop/web", { from })).headers["set-cookie"]?.[0]?.split("=")[0];
    expect([await cookieOf("bank"), await cookieOf("shop")]).toEqual(["of-green", "of-web"]);
  });
});

describe("which one wins", () => {
  test("of two routes of equal precedence the older, then the first in name (HTTPRouteRule.matches)", async () => {
    const mesh = await openMesh("shop/web", "shop/blue", "shop/green");
    const both = (name: string, backend: string): string =>
      routeText({ namespace: "shop", name, parent: "shop/web", rules: toward(mesh, backend) });
    mesh.apply(both("a", "shop/blue") + both("b", "shop/green"));
    expect((await mesh.ask("shop/web")).service).toBe("shop/blue");
    mesh.date("httpRoutes", "shop/b", "2025-01-01T00:00:00Z");
    mesh.date("httpRoutes", "shop/a", "2026-01-01T00:00:00Z");
    expect((await mesh.ask("shop/web")).service).toBe("shop/green");
    mesh.date("httpRoutes", "shop/a", "2025-01-01T00:00:00Z");
    expect((await mesh.ask("shop/web")).service).toBe("shop/blue");
  });

  test("16 rules of 64 matches: each match leads to its own rule, also while the route changes", async () => {
    const mesh = await openMesh("shop/web");
    const rules = (word: string): string =>
      Array.from({ length: 16 }, (_, rule) => {
        const matches = Array.from({ length: 64 }, (_, at) => `{path: {type: Exact, value: /${rule}/${at}}}`);
        const filter = `{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-rule, value: ${word}-${rule}}]}}`;
        return `{matches: [${matches.join(", ")}], filters: [${filter}], backendRefs: [${ref(mesh, "shop/web")}]}`;
      }).join(", ");
    for (const word of ["first", "second"]) {
      mesh.apply(routeText({ namespace: "shop", parent: "shop/web", rules: rules(word) }));
      for (let rule = 0; rule < 16; rule++) {
        for (const at of [0, 31, 63]) {
          const { headers } = await mesh.ask("shop/web", { path: `/${rule}/${at}` });
          expect(headers["x-rule"]).toBe(`${word}-${rule}`);
        }
      }
      expect((await mesh.ask("shop/web", { path: "/16/0" })).status).toBe(404);
      expect((await mesh.ask("shop/web", { path: "/0/64" })).status).toBe(404);
    }
  });
});

describe("where a backendRef leads", () => {
  test.for([
    ["no backendRefs: 500, and never the Service itself", () => "{}", [500]],
    [
      "weight 0 alone: 500",
      (mesh: Mesh) => `{backendRefs: [${ref(mesh, "shop/blue", ", weight: 0")}]}`,
      [500],
    ],
    [
      "a backend that is missing, of weight 0, spoils nothing",
      (mesh: Mesh) =>
        `{backendRefs: [${ref(mesh, "shop/blue")}, {name: missing, port: ${mesh.port}, weight: 0}]}`,
      [200],
    ],
    [
      "a backend that is missing has its share of 500",
      (mesh: Mesh) =>
        `{backendRefs: [${ref(mesh, "shop/blue")}, {name: missing, port: ${mesh.port}, weight: 1}]}`,
      [200, 500],
    ],
  ] as const)("%s", async ([, rules, wanted]) => {
    const mesh = await openMesh("shop/web", "shop/blue");
    mesh.apply(routeText({ namespace: "shop", parent: "shop/web", rules: rules(mesh) }));
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++) statuses.add((await mesh.ask("shop/web")).status);
    expect(statuses).toEqual(new Set(wanted));
  });

  test("it means a Service's endpoints: routes of that Service do not apply, and nothing loops (GEP-1294)", async () => {
    const mesh = await openMesh("shop/a", "shop/b");
    mesh.apply(
      routeText({ namespace: "shop", name: "a", parent: "shop/a", rules: toward(mesh, "shop/b") }) +
        routeText({ namespace: "shop", name: "b", parent: "shop/b", rules: toward(mesh, "shop/a") }),
    );
    expect((await mesh.ask("shop/a")).service).toBe("shop/b");
    expect((await mesh.ask("shop/b")).service).toBe("shop/a");
    mesh.apply(routeText({ namespace: "shop", name: "a", parent: "shop/a", rules: toward(mesh, "shop/a") }));
    expect((await mesh.ask("shop/a")).service).toBe("shop/a");
  });

  test("the address that was dialled says which Service, never the Host header", async () => {
    const mesh = await openMesh("shop/a", "shop/b");
    const marked = (name: string): string =>
      routeText({
        namespace: "shop",
        name,
        parent: `shop/${name}`,
        rules: `{filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-of, value: ${name}}]}}], backendRefs: [${ref(mesh, `shop/${name}`)}]}`,
      });
    mesh.apply(marked("a") + marked("b"));
    for (const host of ["b", "b.shop", "b.shop.svc.cluster.local", mesh.address("shop/b"), ""]) {
      const { service, headers } = await mesh.ask("shop/a", { headers: { host } });
      expect([host, service, headers["x-of"]]).toEqual([host, "shop/a", "a"]);
    }
  });
});

describe("what a change means", () => {
  test("a route with a port leaves the other ports as they were; one without means all", async () => {
    const mesh = await openMesh("shop/web", "shop/blue");
    const route = (parent: string): string =>
      routeText({ namespace: "shop", parent, rules: toward(mesh, "shop/blue", "/x") });
    const asked = async (port: number): Promise<string | number> => {
      const { status, service } = await mesh.ask("shop/web", { path: "/x", port });
      return status === 200 ? service : status;
    };
    mesh.apply(route(`shop/web:${mesh.port}`));
    expect([await asked(mesh.port), await asked(mesh.otherPort)]).toEqual(["shop/blue", "shop/web"]);
    expect((await mesh.ask("shop/web", { path: "/y" })).status).toBe(404);
    expect((await mesh.ask("shop/web", { path: "/y", port: mesh.otherPort })).status).toBe(200);
    mesh.apply(route("shop/web"));
    expect([await asked(mesh.port), await asked(mesh.otherPort)]).toEqual(["shop/blue", "shop/blue"]);
  });

  test("a name that is used again is another route: nothing of the first stays", async () => {
    const mesh = await openMesh("shop/web", "shop/blue", "shop/green");
    for (let round = 0; round < 3; round++) {
      mesh.apply(
        routeText({ namespace: "shop", parent: "shop/web", rules: toward(mesh, "shop/blue", "/first") }),
      );
      expect((await mesh.ask("shop/web", { path: "/first" })).service).toBe("shop/blue");
      mesh.remove("HTTPRoute", "shop/route");
      mesh.apply(
        routeText({ namespace: "shop", parent: "shop/web", rules: toward(mesh, "shop/green", "/second") }),
      );
      expect((await mesh.ask("shop/web", { path: "/first" })).status).toBe(404);
      expect((await mesh.ask("shop/web", { path: "/second" })).service).toBe("shop/green");
    }
  });

  test("a route that moves from one Service to another rules the other, and the first is as without it", async () => {
    const mesh = await openMesh("shop/a", "shop/b", "shop/blue");
    const on = (parent: string): string =>
      routeText({ namespace: "shop", parent, rules: toward(mesh, "shop/blue") });
    const answers = async (): Promise<string[]> => [
      (await mesh.ask("shop/a")).service,
      (await mesh.ask("shop/b")).service,
    ];
    mesh.apply(on("shop/a"));
    expect(await answers()).toEqual(["shop/blue", "shop/b"]);
    mesh.apply(on("shop/b"));
    expect(await answers()).toEqual(["shop/a", "shop/blue"]);
    mesh.remove("HTTPRoute", "shop/route");
    expect(await answers()).toEqual(["shop/a", "shop/b"]);
  });
});

test("a retry stanza without attempts is one retry, and 0 attempts none (Gateway API 1.7)", async () => {
  const mesh = await openMesh("shop/web");
  const dead = `apiVersion: v1
kind: Service
metadata: {name: dead, namespace: shop, annotations: {waystone.dev/use-waypoint: none}}
spec: {ports: [{name: http, port: ${mesh.port}, appProtocol: http}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: dead-1, namespace: shop, labels: {kubernetes.io/service-name: dead}}
addressType: IPv4
ports: [{name: http, port: 1, protocol: TCP}]
endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
---
`;
  const rule = (retry: string): string => `{retry: ${retry}, backendRefs: [${ref(mesh, "shop/dead")}]}`;
  for (const [retry, attempts] of [
    ["{}", 2],
    ["{attempts: 0}", 1],
    ["{attempts: 2, backoff: 1ms}", 3],
  ] as const) {
    mesh.apply(dead + routeText({ namespace: "shop", parent: "shop/web", rules: rule(retry) }));
    expect((await mesh.ask("shop/web")).status).toBe(503);
    expect((await mesh.lastLine())["attempts"]).toBe(attempts);
  }
});

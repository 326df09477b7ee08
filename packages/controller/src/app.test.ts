/** The whole controller: manifests in, a waypoint over the real push protocol (in memory), status out. */
import { typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { createLogger, silentLogger } from "@waystone/base/logger";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { createDeltaClient } from "@waystone/xds/client/delta-client";
import { pairDelta } from "@waystone/xds/pair";
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { type Controller, createController } from "./app.ts";
import { renderResolvedRoutes } from "./status/render-resolved-routes.ts";
import { renderRouteTable, renderServiceTable } from "./status/status-tables.ts";
import { createManifestSources, type ManifestSources } from "./testing/manifest-sources.ts";

const shop = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  clusterIP: 127.0.0.11
  selector: {app: web}
  ports: [{name: http, port: 8080, targetPort: web}, {name: tcp, port: 9090, targetPort: 9090}]
---
apiVersion: v1
kind: Service
metadata: {name: canary, namespace: shop}
spec: {clusterIP: 127.0.0.12, selector: {app: canary}, ports: [{name: http, port: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, ports: [{name: web, containerPort: 8081}]}]}
status: {phase: Running, podIP: 127.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: canary-1, namespace: shop, labels: {app: canary}}
spec: {containers: [{name: c}]}
status: {phase: Running, podIP: 127.0.0.1, conditions: [{type: Ready, status: "False"}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: web, port: 8080}]
  rules:
    - backendRefs: [{name: web, port: 8080, weight: 90}, {name: canary, port: 8080, weight: 10}]
    - name: canary
      matches: [{headers: [{name: x-canary, type: RegularExpression, value: ".+"}]}]
      backendRefs: [{name: canary, port: 8080}]
    - matches: [{path: {type: Exact, value: /old}, method: GET, queryParams: [{name: a, value: "1"}]}]
      filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /new}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: consumer, namespace: buyers}
spec:
  parentRefs: [{group: "", kind: Service, namespace: shop, name: web}]
  rules:
    - timeouts: {request: 2s}
      retry: {attempts: 2}
      filters: [{type: RequestMirror, requestMirror: {percent: 5, backendRef: {namespace: shop, name: canary, port: 8080}}}]
      backendRefs: [{namespace: shop, name: web, port: 8080}]
`;

interface Rig extends ManifestSources {
  readonly controller: Controller;
  /** Lets messages that are under way arrive. */
  settle(): Promise<void>;
  connect(apply?: (delta: ResourceDelta) => readonly Rejected[]): { close(): void };
}

function setup(text = shop): Rig {
  const sources = createManifestSources(text);
  const clock = new ManualClock();
  const controller = createController({
    source: sources.sources,
    graph: sources.graph,
    clock,
    logger: silentLogger,
    standalone: true,
  });
  return {
    ...sources,
    controller,
    settle: async () => {
      for (let turn = 0; turn < 20; turn++) await clock.advanceAsync(20);
    },
    connect(apply = () => []) {
      const client = createDeltaClient({
        nodeId: "*/run",
        wildcardTypes: wildcardTypeUrls,
        apply: async (delta) => apply(delta),
        clock,
        onComplete: () => {},
      });
      return pairDelta({ server: controller.server, client, clock });
    },
  };
}

function routesProgrammed({ controller }: Rig): string[] {
  return controller
    .status()
    .routes.flatMap(({ name, parents }) =>
      parents.flatMap(({ conditions }) =>
        conditions
          .filter(({ type }) => type === "Programmed")
          .map(({ status, message }) => `${name}: ${status} ${message}`),
      ),
    );
}

describe("a waypoint connects", () => {
  test("and everything is programmed once it has ACKed, again after each edit", async () => {
    const rig = setup();
    rig.connect();
    await rig.settle();
    expect(routesProgrammed(rig)).toEqual([
      "consumer: True 1/1 waypoints at generation 1",
      "web: True 1/1 waypoints at generation 1",
    ]);
    rig.apply(shop.slice(shop.lastIndexOf("---")).replace("2s", "3s"));
    expect(routesProgrammed(rig)[0]).toBe("consumer: False 0/1 waypoints at generation 2");
    await rig.settle();
    expect(routesProgrammed(rig)[0]).toBe("consumer: True 1/1 waypoints at generation 2");
    rig.controller.close();
  });

  test("and what it refuses is said in its words, while the rest is programmed", async () => {
    const rig = setup();
    rig.connect(({ typeUrl, upserts }) =>
      typeUrl === typeUrls.route && upserts.length > 0
        ? [{ name: "HTTPRoute/shop/web", reason: "rules[0]: too odd" }]
        : [],
    );
    await rig.settle();
    expect(routesProgrammed(rig)).toEqual([
      "consumer: True 1/1 waypoints at generation 1",
      "web: False refused by */run: rules[0]: too odd; the version before, if any, stays in force (0/1 waypoints at generation 1)",
    ]);
    expect(
      rig.controller.status().routes.flatMap(({ findings }) => findings.map(({ text }) => text)),
    ).toEqual([
      "HTTPRoute shop/web: refused by */run: rules[0]: too odd; the version before, if any, stays in force",
    ]);
    rig.controller.close();
  });

  test("and is reported as connected until it goes", async () => {
    const rig = setup();
    const pairing = rig.connect();
    await rig.settle();
    expect(rig.controller.status().waypoints).toEqual([{ id: "*/run", scope: "*", connected: true }]);
    pairing.close();
    expect(rig.controller.status().waypoints).toEqual([]);
    rig.controller.close();
  });
});

describe("for people", () => {
  test("Services as a table", async () => {
    const rig = setup(`${shop}
---
{apiVersion: v1, kind: Service, metadata: {name: lost, namespace: shop}, spec: {clusterIP: 127.0.0.13, selector: {app: lost}, ports: [{name: dns, port: 80, protocol: UDP}, {port: 81, name: http}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: other, namespace: elsewhere}, spec: {clusterIP: 127.0.0.14, ports: [{port: 80}]}}
`);
    rig.connect();
    await rig.settle();
    expect(`\n${renderServiceTable(rig.controller.status())}`).toMatchInlineSnapshot(`
      "
      NAMESPACE   NAME     WAYPOINT        ADDRESS      PORTS                READY   ROUTES   PROGRAMMED   PROBLEMS
      shop        canary   shop/waypoint   127.0.0.12   8080/HTTP            0/1     0        True         no endpoint is ready
      shop        lost     shop/waypoint   127.0.0.13   81/HTTP              0/0     0        True         port 80 is UDP: not served; no endpoints
      shop        web      shop/waypoint   127.0.0.11   8080/HTTP,9090/TCP   1/1     2        True         -
      1 other Services have no waypoint
      "
    `);
    rig.controller.close();
  });

  test("routes as a table", () => {
    const rig = setup();
    rig.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: wrong, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: web}, {group: "", kind: Service, name: wbe}]
  rules: [{backendRefs: [{name: canry, port: 8080}]}, {filters: [{type: ExtensionRef, extensionRef: {group: a.b, kind: C, name: d}}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: idle, namespace: elsewhere}
spec:
  parentRefs: [{group: "", kind: Service, name: web}]
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: elsewhere}, spec: {clusterIP: 127.0.0.14, ports: [{port: 80}]}}
`);
    rig.spoil("HTTPRoute", "buyers/consumer", {
      file: "c.yaml",
      line: 3,
      column: 1,
      message: "unknown field",
    });
    expect(`\n${renderRouteTable(rig.controller.status())}`).toMatchInlineSnapshot(`
      "
      NAMESPACE   KIND        NAME       PARENT             GENERATION   ACCEPTED                   RESOLVED                  PROGRAMMED          MESSAGE
      buyers      HTTPRoute   consumer   Service/shop/web   1            True                       True                      Unknown (Pending)   the newest version was refused, generation 1 stays in force: c.yaml:3:1: unknown field
      elsewhere   HTTPRoute   idle       -                  1            -                          -                         -                   Service elsewhere/web has no waypoint, so this route does not apply to it; annotate it or its Namespace with waystone.dev/use-waypoint
      shop        HTTPRoute   web        Service/web:8080   1            True                       True                      Unknown (Pending)   -
      shop        HTTPRoute   wrong      Service/web        1            True                       False (BackendNotFound)   Unknown (Pending)   rules[0].backendRefs[0]: Service shop/canry does not exist; did you mean shop/canary?; Dropped Rule(s) 1: rules[1].filters[0].type: ExtensionRef refers to a kind of filter that Waystone does not have (what rule 1 matches is answered with 500)
      shop        HTTPRoute   wrong      Service/wbe        1            False (NoMatchingParent)   False (BackendNotFound)   False (Invalid)     Service shop/wbe does not exist; did you mean shop/web?; rules[0].backendRefs[0]: Service shop/canry does not exist; did you mean shop/canary?
      "
    `);
    rig.controller.close();
  });

  test("resolved routes, per Service port in order of precedence", () => {
    const rig = setup();
    expect(`\n${renderResolvedRoutes(rig.controller.resolvedRoutes())}`).toMatchInlineSnapshot(`
      "
      shop/canary:8080 HTTP (port name http) on 127.0.0.12:8080, 0/1 endpoints ready
        every request to its own endpoints

      shop/web:8080 HTTP (port name http) on 127.0.0.11:8080, 1/1 endpoints ready
        clients in namespace buyers:
          /*  mirror 5% to shop/canary:8080, timeout 2000 ms, up to 2 retries, to shop/web:8080  [buyers/consumer/0]
        GET /old query a=1     redirect 302  [shop/web/2]
        /* header x-canary~.+  to shop/canary:8080  [shop/web/canary]
        /*                     to 90% shop/web:8080, 10% shop/canary:8080  [shop/web/0]

      shop/web:9090 TCP (port name tcp) on 127.0.0.11:9090, 1/1 endpoints ready
        every connection to its own endpoints
      "
    `);
    rig.controller.close();
  });

  test("resolved routes of ports that are passed on, by server name and for all connections", () => {
    const rig = setup();
    const route = (kind: string, name: string, port: number, more: string): string => `
{apiVersion: gateway.networking.k8s.io/v1, kind: ${kind}, metadata: {name: ${name}, namespace: shop}, spec: {parentRefs: [{group: "", kind: Service, name: db, port: ${port}}], ${more}}}
`;
    rig.apply(
      [
        "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: 127.0.0.15, ports: [{port: 443, name: tls}, {port: 5432, name: a}, {port: 444, name: b}]}}",
        route(
          "TLSRoute",
          "wild",
          443,
          'hostnames: ["*.db.shop"], rules: [{backendRefs: [{name: db, port: 443}]}]',
        ),
        route(
          "TLSRoute",
          "one",
          443,
          "hostnames: [one.db.shop], rules: [{backendRefs: [{name: nobody, port: 1}]}]",
        ),
        route(
          "TCPRoute",
          "split",
          5432,
          "rules: [{backendRefs: [{name: db, port: 5432, weight: 3}, {name: db, port: 443}]}]",
        ),
        route(
          "TLSRoute",
          "own",
          444,
          "hostnames: [db.shop], rules: [{backendRefs: [{name: db, port: 444, weight: 0}]}]",
        ),
      ].join("\n---\n"),
    );
    const ports = rig.controller.resolvedRoutes().filter(({ service }) => service === "shop/db");
    expect(`\n${renderResolvedRoutes(ports)}`).toMatchInlineSnapshot(`
      "
      shop/db:443 TLS (port name tls) on 127.0.0.15:443, 0/0 endpoints ready
        server name one.db.shop  to reset (Service shop/nobody does not exist)  [shop/one/0]
        server name *.db.shop    to shop/db:443  [shop/wild/0]
        anything else: closed

      shop/db:5432 TCP (TCPRoute shop/split) on 127.0.0.15:5432, 0/0 endpoints ready
        every connection  to 75% shop/db:5432, 25% shop/db:443  [shop/split/0]

      shop/db:444 TLS (TLSRoute shop/own) on 127.0.0.15:444, 0/0 endpoints ready
        server name db.shop  reset (no backend)  [shop/own/0]
        anything else: closed
      "
    `);
    rig.controller.close();
  });

  test("findings go to the log once, with the place in the file", () => {
    const lines: string[] = [];
    const logger = createLogger({ level: "info", stream: { write: (line) => void lines.push(line) } });
    const sources = createManifestSources(shop);
    const controller = createController({
      source: {
        ...sources.sources,
        positionOf: (_kind, _key, field) => ({ file: field, line: 1, column: 2 }),
      },
      graph: sources.graph,
      clock: new ManualClock(),
      logger,
      standalone: true,
    });
    const wrong = shop
      .slice(shop.lastIndexOf("---"))
      .replace("name: web, port: 8080", "name: wbe, port: 8080");
    sources.apply(wrong);
    sources.apply(wrong.replace("2s", "3s"));
    sources.apply(shop.slice(shop.lastIndexOf("---")));
    const messages = lines.map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(messages.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      "error spec.rules[0].backendRefs[0]:1:2: HTTPRoute buyers/consumer: spec.rules[0].backendRefs[0]: " +
        "Service shop/wbe does not exist; did you mean shop/web?",
      "info HTTPRoute/buyers/consumer is well again",
    ]);
    controller.close();
  });
});

test("the report is plain data, and names Gateways that nobody declared", () => {
  const { controller } = setup();
  const report = controller.status();
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.gateways).toEqual([
    {
      kind: "Gateway",
      namespace: "shop",
      name: "waypoint",
      generation: 0,
      conditions: [],
      findings: [],
      refusedVersion: null,
      implied: true,
      services: 2,
      waypoints: 0,
    },
  ]);
  controller.close();
});

/**
 * What matching a route costs: nanoseconds per match by kind of route and number of routes, bytes per route, and the time
 * of an update. Run: bin/node --expose-gc packages/engine/bench/route-table.ts
 */
import {
  MatchType,
  Route as RouteMessage,
  type RouteMatchResource,
  type RouteResource,
} from "@waystone/api/resources";
import type { RequestView, Route } from "../src/route/route.ts";
import { routeFromResource } from "../src/route/route-from-resource.ts";
import { buildRouteTable, type RouteTable } from "../src/route/route-table.ts";

type Kind = "exact" | "prefix depth 3" | "header" | "regex";
const kinds: readonly Kind[] = ["exact", "prefix depth 3", "header", "regex"];
const counts = [1, 100, 3000, 5000];

function matchOf(kind: Kind, index: number): RouteMatchResource {
  switch (kind) {
    case "exact":
      return { path: { type: MatchType.EXACT, value: `/api/service-${index}/items` } };
    case "prefix depth 3":
      return { path: { type: MatchType.PREFIX, value: `/api/v1/service-${index}` } };
    case "header":
      return {
        path: { type: MatchType.PREFIX, value: `/api/v1/service-${index}` },
        headers: [{ type: MatchType.EXACT, name: "x-canary", value: "true" }],
      };
    case "regex":
      return {
        path: { type: MatchType.REGULAR_EXPRESSION, value: `/api/v1/service-${index}/[0-9a-f]{8}(/.*)?` },
      };
  }
}

function requestFor(kind: Kind, index: number): RequestView {
  const values: readonly string[] = ["true"];
  const path = {
    exact: `/api/service-${index}/items`,
    "prefix depth 3": `/api/v1/service-${index}/items/17`,
    header: `/api/v1/service-${index}/items/17`,
    regex: `/api/v1/service-${index}/0123abcd/x`,
  }[kind];
  return { method: "GET", path, query: "", headerValues: (name) => (name === "x-canary" ? values : []) };
}

/** Two rules, a weight of two backends: what an ordinary canary looks like. Through the wire, as in a waypoint. */
function buildRoute(kind: Kind, index: number): Route {
  const resource: RouteResource = {
    kind: "HTTPRoute",
    namespace: "shop",
    name: `route-${index}`,
    generation: 1,
    parents: [{ service: "shop/web", port: 80 }],
    rules: [
      {
        matches: [matchOf(kind, index)],
        backends: [
          { service: `shop/service-${index}`, port: 80, weight: 90 },
          { service: `shop/service-${index}-canary`, port: 80, weight: 10 },
        ],
      },
    ],
  };
  return routeFromResource(RouteMessage.decode(RouteMessage.encode(resource).finish()));
}

function collectGarbage(): void {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
}

function nanosPerMatch(table: RouteTable, kind: Kind, count: number): number {
  const requests = Array.from({ length: Math.min(count, 512) }, (_, i) =>
    requestFor(kind, Math.floor((i * count) / Math.min(count, 512))),
  );
  let missed = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 8; run++) {
    const rounds = Math.ceil(200_000 / requests.length);
    const start = performance.now();
    for (let i = 0; i < rounds; i++) {
      for (const request of requests) if (table.match(request) === undefined) missed++;
    }
    best = Math.min(best, ((performance.now() - start) * 1e6) / (rounds * requests.length));
  }
  if (missed > 0) throw new Error(`${missed} requests matched nothing`);
  return best;
}

function millisPerUpdate(table: RouteTable, kind: Kind, count: number): number {
  const changed = Array.from({ length: 200 }, (_, i) => buildRoute(kind, (i * 17) % count));
  let next = table;
  const start = performance.now();
  for (const route of changed) next = next.with({ add: [route] });
  return (performance.now() - start) / changed.length;
}

function measure(kind: Kind, count: number): string {
  collectGarbage();
  const before = process.memoryUsage();
  const routes = Array.from({ length: count }, (_, i) => buildRoute(kind, i));
  const start = performance.now();
  const table = buildRouteTable(routes);
  const buildMs = performance.now() - start;
  routes.length = 0;
  collectGarbage();
  const after = process.memoryUsage();
  const bytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / count;
  const nanos = nanosPerMatch(table, kind, count);
  const updateUs = millisPerUpdate(table, kind, count) * 1000;
  const cells = [
    nanos.toFixed(0).padStart(11),
    buildMs.toFixed(1).padStart(11),
    updateUs.toFixed(1).padStart(12),
  ];
  const memory = count < 100 ? "-" : bytes.toFixed(0);
  return `${kind.padEnd(15)} ${String(count).padStart(6)}${cells.join("")}${memory.padStart(14)}`;
}

const rows: string[] = ["kind            routes   ns/match   build ms   update us   bytes/route"];
for (const kind of kinds) for (const count of counts) rows.push(measure(kind, count));
process.stdout.write(`${rows.join("\n")}\n`);

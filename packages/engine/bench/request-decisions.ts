/**
 * What the other decisions of a request cost, in nanoseconds, and how long hostile expressions take on 64 KiB. Run:
 * bin/node packages/engine/bench/request-decisions.ts
 */
import { seededRng } from "@waystone/base/rng";
import { compileCel } from "../src/authorization/cel/compile-cel.ts";
import { httpPlace, makeRequest } from "../src/authorization/testing/policy-rig.ts";
import { pickLeastRequest } from "../src/balance/p2c.ts";
import { cumulativeWeights, pickWeighted } from "../src/balance/weighted.ts";
import { forwardedFor } from "../src/headers/forwarded.ts";
import { buildRequestId } from "../src/headers/request-id.ts";
import { parseAuthority } from "../src/path/normalize-host.ts";
import { normalizePath } from "../src/path/normalize-path.ts";
import { splitTarget } from "../src/path/split-target.ts";
import { regexPattern } from "../src/pattern/text-pattern.ts";
import { firstQueryValue } from "../src/route/match-query.ts";

const rng = seededRng(1);
const endpoints = Array.from({ length: 10 }, (_, active) => ({ active }));
const weights = cumulativeWeights([90, 10]);
const items = regexPattern("/api/v[0-9]+/items/[0-9a-f]{8}(/.*)?");
const uuid = regexPattern("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
const wide = regexPattern("(a|b)*a(a|b){20}");
let sink: unknown;

function report(name: string, run: () => unknown): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    const start = performance.now();
    for (let i = 0; i < 100_000; i++) sink = run();
    best = Math.min(best, ((performance.now() - start) * 1e6) / 100_000);
  }
  process.stdout.write(`${name.padEnd(44)}${best.toFixed(0).padStart(8)} ns\n`);
}

function reportOnce(source: string, subject: string): void {
  const compileStart = performance.now();
  const pattern = regexPattern(source);
  const compiled = performance.now() - compileStart;
  for (let i = 0; i < 20; i++) sink = pattern.test(subject);
  const start = performance.now();
  sink = pattern.test(subject);
  const millis = performance.now() - start;
  process.stdout.write(
    `${source.padEnd(36)}compile ${compiled.toFixed(2)} ms, 64 KiB ${millis.toFixed(3)} ms\n`,
  );
}

report("splitTarget, no query", () => splitTarget("/api/v1/items/17"));
report("splitTarget, query", () => splitTarget("/api/v1/items/17?page=2&sort=name"));
report("normalizePath, nothing to do", () => normalizePath("/api/v1/items/17.json"));
report("normalizePath, escapes and dots", () => normalizePath("/api/%76%31/../v1/caf%c3%a9"));
report("parseAuthority, name and port", () => parseAuthority("web.shop.svc.cluster.local:8080"));
report("regex, path", () => items.test("/api/v12/items/0123abcd/x"));
report("regex, uuid", () => uuid.test("01234567-89ab-cdef-0123-456789abcdef"));
report("regex, simulated (33 characters)", () => wide.test("ab".repeat(16)));
report("query parameter, second of three", () => firstQueryValue("a=1&page=2&c=3", "page"));
report("pickLeastRequest of 10", () => pickLeastRequest(endpoints, rng));
report("pickWeighted of 2", () => pickWeighted(weights, rng));
report("request id", () => buildRequestId(rng));
report("forwardedFor, appended", () => forwardedFor("workload", ["10.0.0.1"], "10.0.0.2"));
const gold = makeRequest({
  namespace: "shop",
  headers: { "x-tier": ["gold"] },
  path: "/orders/17",
  token: { audiences: ["shop", "stock"] },
});
for (const [name, source] of [
  ["CEL, one header", 'request.headers["x-tier"] == "gold"'],
  [
    "CEL, four clauses",
    'source.namespace == "shop" && request.method in ["GET", "HEAD"] && request.path.startsWith("/orders/") && request.headers["x-tier"] == "gold"',
  ],
  ["CEL, a loop over two audiences", 'token.audiences.exists(a, a.endsWith("ck"))'],
] as const) {
  const expression = compileCel(source);
  if (typeof expression === "string") throw new Error(expression);
  report(name, () => expression.evaluate(gold, httpPlace));
}
report("CEL, four clauses compiled", () =>
  compileCel(
    'source.namespace == "shop" && request.method == "GET" && request.path.startsWith("/a") && true',
  ),
);
for (const source of ["(a+)+$", "(a|a)*b", "(a*)*b", "(.*a){20}", "(a|b)*a(a|b){20}"]) {
  reportOnce(source, `${"a".repeat(65_535)}c`);
}
if (sink === reportOnce) process.exitCode = 1;

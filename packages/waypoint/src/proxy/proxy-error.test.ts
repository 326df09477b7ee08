/** The table of our own answers: every row is one that clients, dashboards and people can read. */
import { expect, test } from "vitest";
import { reasonPhrase } from "../http/h1/reason-phrase.ts";
import { proxyError, proxyErrorKinds } from "./proxy-error.ts";

/** features.md 4.3: Envoy's letters, "-" for none; of denials, for which Envoy has none, ours. */
const flags = [
  "-",
  "RBAC",
  "UH",
  "UF",
  "UO",
  "NR",
  "NC",
  "DC",
  "UT",
  "UR",
  "UC",
  "UAEX",
  "SI",
  "DPE",
  "UPE",
  "OM",
  "URX",
];
/** agentgateway's words, and ours for a client that went away. */
const reasons = [
  "NotFound",
  "NoHealthyBackend",
  "Internal",
  "InvalidRequest",
  "Timeout",
  "UpstreamFailure",
  "Downstream",
  "Authorization",
];

test.for(proxyErrorKinds)("%s has a status, a flag, a reason and a text that fit it", (kind) => {
  const error = proxyError(kind);
  expect(error.status).toBeGreaterThanOrEqual(400);
  expect(error.status).toBeLessThan(600);
  expect(error.grpcStatus).toBeGreaterThan(0);
  expect(error.grpcStatus).toBeLessThanOrEqual(16);
  expect(flags).toContain(error.flag);
  expect(reasons).toContain(error.reason);
  // Lower case but for names, ASCII, no line break, no full stop: it is a body of one line.
  expect(error.text).toMatch(/^[a-zA-Z][ -~]{5,80}[^.]$/);
  if (error.status !== 499) expect(reasonPhrase(error.status)).not.toBe("");
});

test("whoever cannot be understood is not kept: 4xx of the codec close, answers of the route do not", () => {
  const kept = proxyErrorKinds.filter((kind) => !proxyError(kind).close);
  expect(kept).toEqual([
    "no-route",
    "no-valid-backend",
    "backend-tls-unusable",
    "no-healthy-upstream",
    "connect-failed",
    "backend-tls",
    "connect-timeout",
    "pool-overflow",
    "forbidden-address",
    "upstream-closed",
    "retry-budget-spent",
    "upstream-reset",
    "upstream-protocol",
    "upstream-timeout",
    "access-denied",
    "identity-unknown",
  ]);
});

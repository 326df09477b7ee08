/** The table of our own answers: every row is one that clients, dashboards and people can read. */
import { expect, test } from "vitest";
import { grpcStatusOf } from "../http/h2/grpc-reply.ts";
import { reasonPhrase } from "../http/reason-phrase.ts";
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
  "Authentication",
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

/** By HTTP status: what a gRPC client makes of it (reference R09; doc/statuscodes.md of gRPC). */
const grpcStatuses: Readonly<Record<number, readonly number[]>> = {
  400: [3],
  401: [16],
  403: [7],
  404: [12],
  405: [12],
  408: [4],
  413: [8],
  414: [3],
  417: [3],
  429: [8, 14],
  431: [8],
  499: [1],
  500: [13, 14],
  501: [12],
  502: [14],
  503: [14],
  504: [4, 14],
  505: [12],
};

test.for(proxyErrorKinds)("[R09] %s has the gRPC status that its HTTP status stands for", (kind) => {
  const { status, grpcStatus } = proxyError(kind);
  expect(grpcStatuses[status]).toContain(grpcStatus);
});

test("[R09] answers without a grpc-status count as gRPC's own table says (doc/http-grpc-status-mapping.md)", () => {
  const mapped = [200, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504].map((status) =>
    grpcStatusOf(status),
  );
  expect(mapped).toEqual([2, 13, 16, 7, 12, 2, 14, 2, 14, 14, 14]);
});

test("whoever cannot be understood is not kept: 4xx of the codec close, answers of the route do not", () => {
  const kept = proxyErrorKinds.filter((kind) => !proxyError(kind).close);
  expect(kept).toEqual([
    "no-route",
    "no-valid-backend",
    "configuration-unread",
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
    "authorizer-denied",
    "authorizer-error",
    "authorizer-unasked",
    "credential-missing",
    "credential-refused",
    "identity-unknown",
  ]);
});

/** `waystone policy impact`: what a log says, replayed through two configurations. */
import path from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { AccessLogFormat, type AccessLogEntry } from "@waystone/waypoint/telemetry/access-log";
import { afterEach, beforeEach, expect, test } from "vitest";
import { policyImpact } from "./policy-impact.ts";

const manifests = path.resolve(import.meta.dirname, "../../../../examples/authorization/manifests");

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "waystone-impact-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const entry: AccessLogEntry = {
  startTimeMs: 1_800_000_000_000,
  durationMs: 1,
  method: "GET",
  path: "/orders?page=1",
  protocol: "HTTP/1.1",
  responseCode: 200,
  responseFlags: "-",
  responseCodeDetails: "via_upstream",
  reason: "Upstream",
  bytesReceived: 0,
  bytesSent: 2,
  upstreamServiceTimeMs: 1,
  forwardedFor: "",
  userAgent: "",
  requestId: "r",
  authority: "api.guarded:8080",
  upstreamHost: "127.20.9.1:9080",
  upstreamCluster: "guarded/api:8080",
  downstreamLocal: "127.20.0.90:8080",
  downstreamRemote: "127.20.9.10:40000",
  routeName: "",
  serverName: "",
  source: {
    namespace: "guarded",
    serviceAccount: "frontend",
    pod: "frontend",
    workload: "frontend",
  },
  grpcStatus: -1,
  attempts: 1,
  policies: [],
  policyRule: "",
  shadowDeniedBy: [],
  authorizerOutcome: "",
  authorizerMs: -1,
  upstreamFailure: "",
  requestPrincipal: "",
};

async function impact(policy: string, entries: readonly Partial<AccessLogEntry>[], more = "") {
  writeFileSync(path.join(folder, "new.yaml"), policy);
  writeFileSync(
    path.join(folder, "log"),
    entries.map((each) => new AccessLogFormat().format({ ...entry, ...each })).join("") + more,
  );
  const text = await policyImpact({
    filename: [path.join(folder, "new.yaml")],
    present: [manifests],
    accessLog: path.join(folder, "log"),
    output: "json",
  });
  return JSON.parse(text) as Record<string, unknown>;
}

const readOnly = (rule: string) => `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: read-only, namespace: guarded}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  action: DENY
  rules: [${rule}]
`;

test("what would change is gathered by client, operation, verdicts and policy; the rest is counted", async () => {
  const stranger = { source: undefined, downstreamRemote: "10.9.9.9:1" };
  const found = await impact(
    readOnly("{to: [{operation: {notMethods: [GET, HEAD]}}]}"),
    [
      { method: "POST" },
      { method: "POST", path: "/orders" },
      {},
      stranger,
      { authority: "x", downstreamLocal: "1.2.3.4:5" },
    ],
    "not JSON\n",
  );
  expect(found).toEqual({
    lines: 6,
    unchanged: 2,
    changes: [
      {
        count: 2,
        client: "guarded/frontend",
        service: "api.guarded:8080",
        operation: "POST /orders",
        before: "allow",
        after: "deny 403",
        policies: ["guarded/read-only"],
      },
    ],
    unjudged: {
      "it is no line of an access log about a request": 1,
      "its Service is not known": 1,
    },
    // Nobody knew the stranger, and yet it was let through: that was another policy's time.
    answeredOtherwise: 1,
  });
});

test("what depends on headers that no log has is not guessed", async () => {
  const found = await impact(readOnly("{to: [{operation: {headers: [{name: x-team, values: [red]}]}}]}"), [
    {},
  ]);
  expect(found).toMatchObject({
    changes: [],
    unjudged: { "it depends on headers that logs do not have (x-team)": 1 },
  });
});

test("what depends on a credential that logs hide is not guessed", async () => {
  const required = `
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: corp, namespace: guarded}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  jwt:
    providers:
      - {name: corp, issuer: https://id.test, jwks: {uri: https://id.test/keys}, from: {queryParameters: [token]}}
`;
  const found = await impact(required, [{ path: "/orders?token=..." }, {}]);
  expect(found).toMatchObject({
    changes: [{ count: 1, before: "allow", after: "deny 401" }],
    unjudged: { "it depends on a credential": 1 },
  });
});

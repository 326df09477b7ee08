/** `waystone policy impact`: what a log says, replayed through two configurations. */
import path from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { AccessLogFormat, type AccessLogEntry } from "@waystone/waypoint/telemetry/access-log";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { policyImpact } from "./policy-impact.ts";

const example = (name: string): string =>
  path.resolve(import.meta.dirname, `../../../../examples/${name}/manifests`);

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

async function impact(
  policy: string,
  entries: readonly Partial<AccessLogEntry>[],
  { more = "", present = [example("authorization")] } = {},
) {
  writeFileSync(path.join(folder, "new.yaml"), policy);
  writeFileSync(
    path.join(folder, "log"),
    entries.map((each) => new AccessLogFormat().format({ ...entry, ...each })).join("") + more,
  );
  const text = await policyImpact({
    filename: [path.join(folder, "new.yaml")],
    present,
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
    { more: "not JSON\n" },
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

describe("as whom a credential was taken is in the log, and judged by", () => {
  const known = (principal: string): Partial<AccessLogEntry> => ({
    authority: "api.tokens:8080",
    downstreamLocal: "127.20.0.120:8080",
    requestPrincipal: principal,
  });
  const [alice, bob] = [known("https://id.example.com/alice"), known("https://id.example.com/bob")];
  const missing: Partial<AccessLogEntry> = {
    ...known(""),
    responseCode: 401,
    responseFlags: "UAEX",
    responseCodeDetails: "credential-missing: a policy requires one",
  };
  const policy = (kind: string, name: string, spec: string): string => `---
apiVersion: waystone.dev/v1alpha1
kind: ${kind}
metadata: {name: ${name}, namespace: tokens}
spec: {targetRefs: [{group: "", kind: Service, name: api}], ${spec}}
`;
  const tokensOf = (issuer: string): string =>
    policy(
      "AuthenticationPolicy",
      "tokens",
      `jwt: {providers: [{name: id, issuer: "${issuer}", jwks: {uri: "${issuer}/keys"}}]}, apiKeys: {secretRefs: [{name: keys}]}`,
    );
  const rules = (name: string, source: string, action: string): string =>
    policy("AuthorizationPolicy", name, `action: ${action}, rules: [{from: [{source: ${source}}]}]`);
  const notBob = rules("not-bob", "{requestPrincipals: [https://id.example.com/bob]}", "DENY");
  const admins = rules("admins", "{claims: [{name: roles, values: [admin]}]}", "ALLOW");

  async function impactOverTokens(policies: string, entries: readonly Partial<AccessLogEntry>[], more = "") {
    const present = path.join(folder, "present.yaml");
    const keys = `---
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: tokens}
stringData: {acme: key-of-acme-1234}
`;
    writeFileSync(present, tokensOf("https://id.example.com") + keys + more);
    return await impact(policies, entries, {
      present: [path.join(example("jwt"), "services.yaml"), present],
    });
  }

  test("where both configurations take the same credentials", async () => {
    const found = await impactOverTokens(notBob, [alice, bob, missing]);
    expect(found["unjudged"]).toEqual({});
    expect(found).toMatchObject({
      unchanged: 2,
      changes: [{ count: 1, before: "allow", after: "deny 403", policies: ["tokens/not-bob"] }],
      answeredOtherwise: 0,
    });
  });

  test("unless rules ask for claims, which a log does not have, and an API key none", async () => {
    const found = await impactOverTokens(notBob, [alice, known("apikey/acme")], admins);
    expect(found["unjudged"]).toEqual({ "it depends on claims of a token, which logs do not have": 1 });
  });

  test("unless nothing says who it was, or nothing in force takes it", async () => {
    const found = await impactOverTokens(notBob, [known(""), known("https://elsewhere.example.com/alice")]);
    expect(found["changes"]).toEqual([]);
    expect(found["unjudged"]).toEqual({
      "it depends on a credential": 1,
      "it depends on headers that logs do not have (authorization, x-api-key)": 1,
    });
  });

  test("unless the new configuration takes others", async () => {
    const found = await impactOverTokens(tokensOf("https://other.example.com"), [alice]);
    expect(found["changes"]).toEqual([]);
    expect(found["unjudged"]).toEqual({
      "it depends on headers that logs do not have (authorization, x-api-key)": 1,
    });
  });
});

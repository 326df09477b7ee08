/** The rules that the CRD of AuthenticationPolicy has in CEL, for files, with the same words (check-policy-rules.ts). */
import type { AuthenticationPolicySpec } from "@waystone/api/kubernetes/waystone";
import type { FieldPath } from "./field-path.ts";
import type { SchemaIssue } from "./schema-issue.ts";

export function checkAuthentication(spec: AuthenticationPolicySpec): SchemaIssue[] {
  const { requirement, jwt, apiKeys, basic } = spec;
  const issues: SchemaIssue[] = [];
  if (requirement === undefined && jwt === undefined && apiKeys === undefined && basic === undefined) {
    const message = "the policy says nothing: give it jwt, apiKeys, basic or requirement";
    issues.push({ path: ["spec"], at: "key", message });
  }
  for (const [index, { jwks, claimsToHeaders = [] }] of (jwt?.providers ?? []).entries()) {
    const path = ["spec", "jwt", "providers", index];
    issues.push(...checkKeys(jwks, [...path, "jwks"]));
    for (const [at, { header }] of claimsToHeaders.entries())
      issues.push(...checkSetHeader(header, [...path, "claimsToHeaders", at, "header"]));
  }
  issues.push(...checkSetHeader(apiKeys?.ownerHeader, ["spec", "apiKeys", "ownerHeader"]));
  issues.push(...checkSetHeader(basic?.userHeader, ["spec", "basic", "userHeader"]));
  return issues;
}

type Jwks = NonNullable<AuthenticationPolicySpec["jwt"]>["providers"][number]["jwks"];

function checkKeys(jwks: Jwks, path: FieldPath): SchemaIssue[] {
  const { inline, configMapRef, uri, refreshInterval, allowedAddresses } = jwks;
  const issues: SchemaIssue[] = [];
  if ([inline, configMapRef, uri].filter((each) => each !== undefined).length !== 1) {
    const message = "exactly one of inline, configMapRef and uri says where the keys are";
    issues.push({ path, at: "key", message });
  }
  if (uri === undefined && (refreshInterval !== undefined || allowedAddresses !== undefined)) {
    const message = "refreshInterval and allowedAddresses are about uri: without it they mean nothing";
    issues.push({ path, at: "key", message });
  }
  return issues;
}

const notToBeSet = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "keep-alive",
  "proxy-connection",
  "expect",
  "authorization",
  "cookie",
]);

function checkSetHeader(name: string | undefined, path: FieldPath): SchemaIssue[] {
  if (name === undefined || !notToBeSet.has(name.toLowerCase())) return [];
  const message =
    "this header frames the message or holds credentials: no policy may set it; choose a name of your own, such as x-user";
  return [{ path, at: "value", message }];
}

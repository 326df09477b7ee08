/**
 * The rules that the CRDs of our policies have in CEL, for files: the same objects are refused, with the same words. Held by the
 * corpus in api/src/crd/testdata, whose `_by: rule` cases both judges get.
 */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { AuthenticationPolicy, AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import { gatewayGroup } from "@waystone/api/names";
import { checkAuthentication } from "./check-authentication-rules.ts";
import type { SchemaIssue } from "./schema-issue.ts";

export function checkPolicyRules(object: KubernetesObject): SchemaIssue[] {
  // Told by its kind, after the schema of that kind has held.
  if (object.kind === "AuthenticationPolicy") {
    const { spec } = object as AuthenticationPolicy;
    return [...spec.targetRefs.flatMap(checkTarget), ...checkAuthentication(spec)];
  }
  if (object.kind !== "AuthorizationPolicy") return [];
  const { spec } = object as AuthorizationPolicy;
  return [...spec.targetRefs.flatMap(checkTarget), ...checkAuthorization(spec), ...checkProvider(spec)];
}

function checkTarget(
  { group, kind, sectionName = "" }: AuthorizationPolicy["spec"]["targetRefs"][number],
  index: number,
): SchemaIssue[] {
  const path = ["spec", "targetRefs", index];
  const isCore = kind === "Service" || kind === "Namespace";
  const issues: SchemaIssue[] = [];
  if ((group === gatewayGroup) === isCore) {
    const message =
      'Service and Namespace are of group "" (empty), Gateway, HTTPRoute and GRPCRoute of gateway.networking.k8s.io';
    issues.push({ path: [...path, "group"], at: "value", message });
  }
  if (sectionName !== "" && (kind === "Namespace" || kind === "Gateway")) {
    const message =
      "sectionName is the port of a Service or the rule of a route: leave it out for a Namespace or Gateway";
    issues.push({ path: [...path, "sectionName"], at: "value", message });
  }
  return issues;
}

function checkAuthorization({
  action,
  minimumAssurance = "None",
  rules = [],
}: AuthorizationPolicy["spec"]): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  if (rules.length === 0 && (action === "DENY" || action === "AUDIT")) {
    const message = "a DENY or AUDIT without rules would never match: add rules, or [{}] for every request";
    issues.push({ path: ["spec", "action"], at: "value", message });
  }
  if (minimumAssurance !== "None" && action === "DENY") {
    const message = "minimumAssurance on a DENY would deny less: use it on an ALLOW";
    issues.push({ path: ["spec", "minimumAssurance"], at: "value", message });
  }
  if (minimumAssurance !== "None" && action === "CUSTOM") {
    const message = "minimumAssurance on a CUSTOM would ask less: use it on an ALLOW";
    issues.push({ path: ["spec", "minimumAssurance"], at: "value", message });
  }
  return issues;
}

function checkProvider({ action, provider }: AuthorizationPolicy["spec"]): SchemaIssue[] {
  const path = ["spec", "provider"];
  if ((provider !== undefined) !== (action === "CUSTOM")) {
    const message = "provider stands with action CUSTOM, and with that alone";
    return [{ path: provider === undefined ? ["spec", "action"] : path, at: "value", message }];
  }
  if (provider === undefined) return [];
  const issues: SchemaIssue[] = [];
  const refuse = (field: string, message: string): void =>
    void issues.push({ path: field === "" ? path : [...path, field], at: "value", message });
  const { grpc, http, contextExtensions = {} } = provider;
  if ((grpc === undefined) === (http === undefined)) {
    refuse("", "exactly one of grpc and http says how the authorizer is asked");
  }
  if (grpc === undefined && provider.contextExtensions !== undefined) {
    refuse("contextExtensions", "contextExtensions go with grpc alone: HTTP has no place for them");
  }
  if (Object.keys(contextExtensions).some((key) => key.length < 1 || key.length > 253)) {
    refuse("contextExtensions", "a key has 1 to 253 characters");
  }
  return issues;
}

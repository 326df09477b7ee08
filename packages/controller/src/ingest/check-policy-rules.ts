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
  return [...spec.targetRefs.flatMap(checkTarget), ...checkAuthorization(spec)];
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
  return issues;
}

/**
 * Rules over several fields of the built-in kinds that the API server keeps in Go code and that routing relies on. The
 * Gateway API's own (CEL) rules are translation's to judge, as they end in conditions.
 */
import { isIPv4, isIPv6 } from "node:net";
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { SchemaIssue } from "./schema-issue.ts";

export function checkCoreRules(object: KubernetesObject): SchemaIssue[] {
  // Told by their kind, after the schema of that kind has held.
  if (object.kind === "Service") return checkPortNames(object as Service);
  if (object.kind === "EndpointSlice") return checkAddresses(object as EndpointSlice);
  return [];
}

function checkPortNames({ spec }: Service): SchemaIssue[] {
  const ports = spec?.ports ?? [];
  if (ports.length < 2) return [];
  const issues: SchemaIssue[] = [];
  const seen = new Set<string>();
  for (const [index, { name }] of ports.entries()) {
    const path = ["spec", "ports", index, "name"];
    if (name === undefined || name === "") {
      issues.push({
        path,
        at: "parent",
        message: "is required where a Service has several ports",
        hint: "add name: a text",
      });
    } else if (seen.has(name)) {
      issues.push({
        path,
        at: "value",
        message: `another port of this Service is named ${JSON.stringify(name)}`,
      });
    } else seen.add(name);
  }
  return issues;
}

function checkAddresses({ addressType, endpoints }: EndpointSlice): SchemaIssue[] {
  const isRight = { IPv4: isIPv4, IPv6: isIPv6, FQDN: () => true }[addressType];
  const issues: SchemaIssue[] = [];
  for (const [index, endpoint] of (endpoints ?? []).entries()) {
    for (const [at, address] of endpoint.addresses.entries()) {
      if (isRight(address)) continue;
      const message = `${JSON.stringify(address)} is not an ${addressType} address`;
      const path = ["endpoints", index, "addresses", at];
      issues.push({
        path,
        at: "value",
        message,
        hint: "an EndpointSlice holds addresses of its addressType",
      });
    }
  }
  return issues;
}

/**
 * What the API server checks and fills in by Go code, and its OpenAPI therefore does not show, for the built-in kinds that
 * Waystone reads (k8s.io/kubernetes/pkg/apis/{core,discovery}/{validation,v1/defaults.go}). Only what can change routing.
 */
import type { StructuralSchema } from "../packages/api/src/schema/structural-schema.ts";

const port = { minimum: 1, maximum: 65535 };
const portName = { pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$", maxLength: 63 };
const protocol = { enum: ["TCP", "UDP", "SCTP"], default: "TCP" };
const ipFamily = { enum: ["IPv4", "IPv6"] };

const rules: Readonly<Record<string, Readonly<Record<string, StructuralSchema>>>> = {
  ServiceSpec: {
    type: { enum: ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"], default: "ClusterIP" },
    clusterIP: { format: "cluster-ip" },
    clusterIPs: { maxItems: 2, items: { type: "string", format: "cluster-ip" } },
    ipFamilies: { maxItems: 2, items: { type: "string", ...ipFamily } },
    ipFamilyPolicy: { enum: ["SingleStack", "PreferDualStack", "RequireDualStack"] },
    sessionAffinity: { enum: ["ClientIP", "None"] },
    internalTrafficPolicy: { enum: ["Cluster", "Local"] },
    externalTrafficPolicy: { enum: ["Cluster", "Local"] },
  },
  ServicePort: { port, nodePort: { minimum: 0, maximum: 65535 }, name: portName, protocol },
  EndpointSlice: { addressType: { enum: ["IPv4", "IPv6", "FQDN"] }, endpoints: { maxItems: 1000 } },
  Endpoint: { addresses: { minItems: 1, maxItems: 100 } },
  EndpointPort: { port, name: portName, protocol },
  ContainerPort: { containerPort: port, protocol, name: { maxLength: 15 } },
  PodStatus: {
    phase: { enum: ["Pending", "Running", "Succeeded", "Failed", "Unknown"] },
    podIP: { format: "ip" },
  },
  PodIP: { ip: { format: "ip" } },
};

/** A Pod in a file tells who an address is and where a Service runs: it need not be one that could be started. */
const notRequired: Readonly<Record<string, readonly string[]>> = {
  PodSpec: ["containers"],
  EndpointSlice: ["endpoints"],
};

export function addCoreRules(
  definitions: Readonly<Record<string, StructuralSchema>>,
): Record<string, StructuralSchema> {
  const out: Record<string, StructuralSchema> = { ...definitions };
  for (const [name, fields] of Object.entries(rules)) {
    const schema = out[name];
    if (schema === undefined) throw new Error(`no definition ${name}`);
    const properties = { ...schema.properties };
    for (const [field, extra] of Object.entries(fields)) {
      if (properties[field] === undefined) throw new Error(`no field ${name}.${field}`);
      properties[field] = { ...properties[field], ...extra };
    }
    out[name] = { ...schema, properties };
  }
  for (const [name, fields] of Object.entries(notRequired)) {
    const { required, ...schema } = out[name] ?? {};
    const left = (required ?? []).filter((field) => !fields.includes(field));
    out[name] = left.length === 0 ? schema : { ...schema, required: left };
  }
  // The OpenAPI says "string" with a format: a number is as good.
  out["IntOrString"] = { "x-kubernetes-int-or-string": true };
  out["Quantity"] = {};
  // Kept as they are, and dropped from what Waystone keeps.
  out["FieldsV1"] = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  for (const name of ["NamespaceStatus", "ServiceStatus"]) {
    out[name] = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  }
  for (const [name, schema] of Object.entries(out)) {
    if (name !== "ServiceSpec") out[name] = withoutListKeys(schema);
  }
  return dropUnused(out, ["ConfigMap", "EndpointSlice", "Namespace", "Pod", "Secret", "Service"]);
}

/** In the built-in kinds list keys say how server-side apply merges; a list may still repeat them. */
function withoutListKeys(schema: StructuralSchema): StructuralSchema {
  const { "x-kubernetes-list-map-keys": _, ...rest } = schema;
  if (rest.properties === undefined) return rest;
  const fields = Object.entries(rest.properties).map(
    ([name, field]) => [name, withoutListKeys(field)] as const,
  );
  return { ...rest, properties: Object.fromEntries(fields) };
}

function dropUnused(
  definitions: Record<string, StructuralSchema>,
  roots: string[],
): Record<string, StructuralSchema> {
  const used: Record<string, StructuralSchema> = {};
  for (const name of roots) {
    const schema = definitions[name];
    if (schema === undefined) throw new Error(`no definition ${name}`);
    used[name] = schema;
    for (const [, next] of JSON.stringify(schema).matchAll(/#\/definitions\/([^"]+)"/g)) {
      if (next !== undefined && !(next in used) && !roots.includes(next)) roots.push(next);
    }
  }
  return used;
}

/** The kinds that manifests may have: which schema checks them, and what Waystone does with them. */
import { readSchemaFile } from "@waystone/api/schema/read-schema-file";
import type { KindSchema, SchemaFile } from "@waystone/api/schema/structural-schema";
import { compileSchema, type SchemaNode } from "./schema-node.ts";

/** In the order of ObjectSource's collections. */
export const servedKinds = [
  "Namespace",
  "Service",
  "EndpointSlice",
  "Pod",
  "Secret",
  "ConfigMap",
  "GatewayClass",
  "Gateway",
  "HTTPRoute",
  "GRPCRoute",
  "TLSRoute",
  "TCPRoute",
  "ReferenceGrant",
  "BackendTLSPolicy",
  "XBackendTrafficPolicy",
  "AuthenticationPolicy",
  "AuthorizationPolicy",
] as const;

export type ServedKind = (typeof servedKinds)[number];

export interface KnownKind {
  readonly group: string;
  readonly kind: string;
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  /** Otherwise it is checked and reported as not served yet. */
  readonly isServed: boolean;
  /** Compiled when first asked for. */
  schema(): SchemaNode;
}

let known: readonly KnownKind[] | undefined;

export function knownKinds(): readonly KnownKind[] {
  known ??= [readSchemaFile("core"), readSchemaFile("gateway-api"), readSchemaFile("waystone")].flatMap(
    (file) => file.kinds.map((kind) => knownKind(file, kind)),
  );
  return known;
}

function knownKind(file: SchemaFile, { group, kind, versions, namespaced, schema }: KindSchema): KnownKind {
  let node: SchemaNode | undefined;
  const isServed = (servedKinds as readonly string[]).includes(kind);
  return {
    group,
    kind,
    versions,
    namespaced,
    isServed,
    schema: () => (node ??= compileSchema(file, schema)),
  };
}

export const apiVersionOf = (kind: KnownKind): string => joinApiVersion(kind.group, kind.versions[0] ?? "");

export function joinApiVersion(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  if (slash === -1) return { group: "", version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

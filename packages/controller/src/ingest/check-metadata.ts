/** What the API server asks of names, namespaces, labels and annotations in every kind. */
import type { ObjectMeta } from "@waystone/api/kubernetes/meta";
import type { KnownKind } from "./known-kinds.ts";
import type { SchemaIssue } from "./schema-issue.ts";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const serviceName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const labelWords =
  'lower-case letters, digits and "-", beginning and ending with a letter or digit, at most 63 characters';

export function checkMetadata(kind: KnownKind, metadata: ObjectMeta): SchemaIssue[] {
  return [
    ...checkName(kind, metadata),
    ...checkNamespace(kind, metadata.namespace),
    ...checkLabels(metadata.labels ?? {}),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) => checkKey("annotations", key)),
  ];
}

function checkName(
  kind: KnownKind,
  { name, generateName }: ObjectMeta & { generateName?: string },
): SchemaIssue[] {
  const path = ["metadata", "name"];
  // Typed as present, but nothing has looked yet.
  if (name === undefined || name === "") {
    const hint =
      generateName === undefined
        ? "add name: a text"
        : "generateName names objects in a cluster; a file needs name";
    return [{ path, at: name === "" ? "value" : "parent", message: "is required and missing", hint }];
  }
  const isLabel = kind.kind === "Service" || kind.kind === "Namespace";
  const pattern = kind.kind === "Service" ? serviceName : isLabel ? dnsLabel : dnsSubdomain;
  if (name.length <= (isLabel ? 63 : 253) && pattern.test(name)) return [];
  const words =
    kind.kind === "Service" ? `${labelWords}; the first a letter` : isLabel ? labelWords : domainWords;
  return [
    { path, at: "value", message: `${JSON.stringify(name)} cannot be a name`, hint: `expected ${words}` },
  ];
}

const domainWords = 'lower-case letters, digits, "-" and ".", as in a DNS name, at most 253 characters';

function checkNamespace(kind: KnownKind, namespace: string | undefined): SchemaIssue[] {
  const path = ["metadata", "namespace"];
  if (namespace === undefined) return [];
  if (!kind.namespaced) {
    const message = `a ${kind.kind} is not in a namespace`;
    return [{ path, at: "key", message, hint: "remove metadata.namespace" }];
  }
  if (namespace.length <= 63 && dnsLabel.test(namespace)) return [];
  const message = `${JSON.stringify(namespace)} cannot be the name of a namespace`;
  return [{ path, at: "value", message, hint: `expected ${labelWords}` }];
}

function checkLabels(labels: Readonly<Record<string, string>>): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  for (const [key, value] of Object.entries(labels)) {
    issues.push(...checkKey("labels", key));
    if (value !== "" && (value.length > 63 || !labelName.test(value))) {
      const message = `${JSON.stringify(value)} cannot be the value of a label`;
      const hint =
        'expected at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';
      issues.push({ path: ["metadata", "labels", key], at: "value", message, hint });
    }
  }
  return issues;
}

function checkKey(field: "labels" | "annotations", key: string): SchemaIssue[] {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  const isPrefixGood = slash === -1 || (slash <= 253 && dnsSubdomain.test(key.slice(0, slash).toLowerCase()));
  if (isPrefixGood && name.length <= 63 && labelName.test(name)) return [];
  const message = `${JSON.stringify(key)} cannot be the key of ${field === "labels" ? "a label" : "an annotation"}`;
  const hint = 'expected a name such as "app" or "example.com/app": letters, digits, "-", "_" and "."';
  return [{ path: ["metadata", field, key], at: "key", message, hint }];
}

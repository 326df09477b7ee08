/**
 * What a valid object becomes before it is kept: the namespace filled in, and everything away that only a cluster can have
 * written or that nobody here reads. A file carries no creation time, so order is by name.
 */
import type { ServicePort } from "@waystone/api/kubernetes/core";
import type { KubernetesObject, ObjectMeta } from "@waystone/api/kubernetes/meta";
import type { KnownKind } from "./known-kinds.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

type Fields = Record<string, unknown>;

/** Of a cluster's making: a dump of one has them, a file's author does not. */
const clusterOnly: ReadonlySet<string> = new Set([
  "managedFields",
  "creationTimestamp",
  "resourceVersion",
  "uid",
  "generation",
  "selfLink",
]);

export function normaliseObject(kind: KnownKind, object: KubernetesObject): KubernetesObject {
  const written = Object.entries(object.metadata).filter(([field]) => !clusterOnly.has(field));
  const filled = kind.namespaced && object.metadata.namespace === undefined ? [["namespace", "default"]] : [];
  // The name is there: it has been checked.
  const metadata = Object.fromEntries([...written, ...filled]) as ObjectMeta & Fields;
  const annotations = metadata["annotations"] as Fields | undefined;
  if (annotations !== undefined) delete annotations[lastApplied];
  const { status, ...rest } = object as KubernetesObject & Fields;
  const kept = kind.kind === "Pod" && status !== undefined ? { ...rest, status } : rest;
  const normal = { ...kept, metadata };
  if (kind.kind === "Secret") return mergeStringData(normal);
  return kind.kind === "Service" ? fillTargetPorts(normal) : normal;
}

/** A default that depends on another field, so no schema can state it. */
function fillTargetPorts(service: KubernetesObject & Fields): KubernetesObject {
  const spec = service["spec"] as { readonly ports?: readonly ServicePort[] } | undefined;
  if (spec?.ports === undefined) return service;
  const ports = spec.ports.map((port) =>
    port.targetPort === undefined ? { ...port, targetPort: port.port } : port,
  );
  return { ...service, spec: { ...spec, ports } } as KubernetesObject;
}

/** `stringData` is for writing only: it is `data` without the base64, and wins over it. */
function mergeStringData(secret: KubernetesObject & Fields): KubernetesObject {
  const { stringData, ...rest } = secret;
  if (stringData === undefined) return secret;
  const data = Object.assign(Object.create(null) as Fields, rest["data"]);
  for (const [key, value] of Object.entries(stringData as Readonly<Record<string, string>>)) {
    data[key] = Buffer.from(value).toString("base64");
  }
  const withData: KubernetesObject & Fields = { ...rest, data };
  return withData;
}

/** What logs, metrics and policies call a Pod, with Istio's rules for canonical names, and which addresses it holds. */
import type { Pod } from "@waystone/api/kubernetes/core";
import { parseIp } from "@waystone/base/ip";

/** The message WorkloadLabels, all fields set. */
export interface WorkloadLabels {
  readonly namespace: string;
  readonly pod: string;
  readonly workload: string;
  readonly serviceAccount: string;
  readonly app: string;
  readonly version: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
}

export function workloadLabels(pod: Pod): WorkloadLabels {
  const labels = pod.metadata.labels ?? {};
  const workload = ownerName(pod);
  const app = labels["app"] ?? labels["app.kubernetes.io/name"] ?? "";
  const version = labels["version"] ?? labels["app.kubernetes.io/version"] ?? "";
  return {
    namespace: pod.metadata.namespace ?? "",
    pod: pod.metadata.name,
    workload,
    serviceAccount: pod.spec?.serviceAccountName ?? "default",
    app,
    version,
    canonicalService:
      labels["service.istio.io/canonical-name"] ??
      labels["app.kubernetes.io/name"] ??
      labels["app"] ??
      workload,
    canonicalRevision:
      labels["service.istio.io/canonical-revision"] ??
      labels["app.kubernetes.io/version"] ??
      labels["version"] ??
      "latest",
  };
}

/** The controller that owns the pod: for a ReplicaSet its Deployment, which is its name without the template's hash. */
function ownerName(pod: Pod): string {
  const owners = pod.metadata.ownerReferences ?? [];
  const owner = owners.find((reference) => reference.controller === true) ?? owners[0];
  if (owner === undefined) return pod.metadata.name;
  const hash = pod.metadata.labels?.["pod-template-hash"];
  if (owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return owner.name.slice(0, -hash.length - 1);
  }
  return owner.name;
}

/** Canonical, the primary address first. A pod that is Succeeded or Failed holds none: its address is free again. */
export function podAddresses(pod: Pod): readonly string[] {
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed") return [];
  const given = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)];
  return [...new Set(given.flatMap((text) => (text === undefined ? [] : (parseIp(text) ?? []))))];
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/**
 * Its Ready condition. Pods in files often have no conditions at all: those count as ready while Running, or where no phase
 * is given either.
 */
export function isPodReady(pod: Pod): boolean {
  const conditions = pod.status?.conditions;
  if (conditions === undefined || conditions.length === 0)
    return (pod.status?.phase ?? "Running") === "Running";
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/**
 * What is known of a pod, as plain objects of one shape (protobuf's own are not, and carry their class): many thousand of
 * these live as long as their endpoints do.
 */
import type { WorkloadLabelsResource } from "@waystone/api/resources";

export function labelsFromResource(
  message: WorkloadLabelsResource | null | undefined,
): WorkloadLabelsResource | undefined {
  if (message === null || message === undefined) return undefined;
  return {
    namespace: message.namespace ?? "",
    pod: message.pod ?? "",
    workload: message.workload ?? "",
    serviceAccount: message.serviceAccount ?? "",
    app: message.app ?? "",
    version: message.version ?? "",
    canonicalService: message.canonicalService ?? "",
    canonicalRevision: message.canonicalRevision ?? "",
  };
}

export function equalLabels(
  a: WorkloadLabelsResource | undefined,
  b: WorkloadLabelsResource | undefined,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.namespace === b.namespace &&
    a.pod === b.pod &&
    a.workload === b.workload &&
    a.serviceAccount === b.serviceAccount &&
    a.app === b.app &&
    a.version === b.version &&
    a.canonicalService === b.canonicalService &&
    a.canonicalRevision === b.canonicalRevision
  );
}

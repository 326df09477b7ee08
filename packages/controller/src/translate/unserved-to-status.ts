/** Objects of kinds that Waystone knows and does not serve yet: said once, so that nobody wonders why they do nothing. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { SourcedObject } from "../model/sources.ts";
import { emptyStatus, type ObjectStatus } from "./object-status.ts";

export function unservedToStatus({ object, problem }: SourcedObject<KubernetesObject>): ObjectStatus {
  const status = emptyStatus(object, problem);
  const message = `${object.kind} is not served yet: this object has no effect`;
  return { ...status, findings: [{ severity: "info", field: "", message }] };
}

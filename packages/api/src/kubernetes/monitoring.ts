/** prometheus-operator's ServiceMonitor, as far as Waystone reads it: which Services it selects and through which ports. */
import type { KubernetesObject, LabelSelector } from "./meta.ts";

export interface ServiceMonitor extends KubernetesObject {
  readonly kind: "ServiceMonitor";
  readonly spec: {
    readonly selector: LabelSelector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly endpoints?: readonly { readonly port?: string; readonly targetPort?: number | string }[];
  };
}
